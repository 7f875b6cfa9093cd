import { readRoleName, stagingRoleName } from '../core/policy';
import { ADMIN, APPLICATION, DATABASE } from './access';
import { connected } from './connection';
import { LOCK_PATIENCE_MS, locked } from './lock';
import type { Contents } from './make';
import type { Sandbox } from './places';
import { readSecrets } from './state';
import { caughtUp, mintToken, urlOf } from './tokens';

export type As = 'reader' | 'staging' | 'app' | 'admin';

/**
 * A URL with which somebody can log in where they may. Agents' passwords are short-lived; see `mintToken`. What was added to the
 * schema since is looked through before a reader gets one: new tables are served, copies of personal data are not.
 */
export async function connectionUrl(sandbox: Sandbox, as: As, agent: string | undefined = sandbox.state.agents[0], contents?: Contents): Promise<string> {
  const { folder, state, primary, replica, staging } = sandbox;
  if (as === 'app') return urlOf(APPLICATION, readSecrets(folder).app, primary, DATABASE);
  if (as === 'admin') return urlOf(ADMIN, readSecrets(folder).admin, primary, DATABASE);
  if (agent === undefined || !state.agents.includes(agent)) {
    throw new Error(`there is no agent '${agent ?? ''}' in the sandbox; the agents are ${state.agents.join(', ')}`);
  }
  return locked(folder, LOCK_PATIENCE_MS, async () => {
    if (as === 'staging') {
      const role = stagingRoleName(agent);
      return urlOf(role, await mintToken(folder, staging, role), staging, DATABASE);
    }
    const admin = urlOf(ADMIN, readSecrets(folder).admin, primary, DATABASE);
    if (contents) await connected(admin, (sql) => contents.provision(sql, 'primary', state.agents, state.seed));
    const role = readRoleName(agent);
    const password = await mintToken(folder, primary, role);
    await caughtUp(primary, replica);
    return urlOf(role, password, replica, DATABASE);
  });
}
