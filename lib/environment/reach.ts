import { lowerOnReplica } from '../core/instance-class';
import { network, replica } from './agent-databases';
import { kinds, valueAt, type Draft } from './draft';
import type { Mistake } from './mistakes';
import { create, existing } from './production';

/** A workflow of GitHub runs outside of the agents' network, and the access host is the only way in from there. */
export function wayIn(draft: Draft): Mistake[] {
  const at = ['network', 'accessHost'];
  const list: unknown = valueAt(draft.raw, ['agents']);
  const agents: readonly unknown[] = Array.isArray(list) ? list : [];
  const outside = agents.findIndex((agent) => valueAt(agent, ['trust', 'github']) !== undefined);
  return draft.mistake({
    when: outside >= 0 && draft.look(network.shape.accessHost, ...at) === false,
    at,
    seen: valueAt(draft.raw, at) === undefined ? 'nothing, which is false' : 'false',
    write: `true: agents[${outside}] runs at GitHub, outside of the agents' network, and could not reach the replica in any other way`,
  });
}

/** PostgreSQL's own names, for the person who looks them up. */
const SETTINGS = { maxConnections: 'max_connections', maxWorkerProcesses: 'max_worker_processes' } as const;

/** A standby does not start with settings lower than production's, and RDS derives them from the class. */
export function standby(draft: Draft): Mistake[] {
  const chosen = draft.look(replica.shape.instanceClass, 'replica', 'instanceClass');
  if (chosen === undefined) return [];
  return kinds(draft).flatMap((kind) => {
    const schema = kind === 'existing' ? existing.shape.instanceClass : create.shape.instanceClass;
    const ofProduction = draft.look<string>(schema, 'production', kind, 'instanceClass');
    const lower = ofProduction === undefined ? [] : lowerOnReplica(chosen, ofProduction);
    if (kind === 'create') {
      return draft.mistake({
        when: lower.length > 0, at: ['replica', 'instanceClass'],
        write: `${ofProduction} as production has, or a larger class: a smaller replica does not start`,
      });
    }
    return lower.flatMap((setting) => {
      const at = ['production', 'existing', 'standbyMinimums', setting];
      return draft.mistake({
        when: valueAt(draft.raw, at) === undefined, at,
        write: `what production has (in psql: SHOW ${SETTINGS[setting]}), since ${chosen} may be smaller than its ${ofProduction}: a replica with less does not start`,
      });
    });
  });
}
