import { join } from 'node:path';
import { carryOut, type World } from '../../../lib/database/change/carry-out';
import { worldOf } from '../../../lib/sandbox/gate/world';
import { theSandbox } from '../../../lib/sandbox/sandbox';

/** An executor that is killed at a chosen moment. Arguments: the state folder, the request, the moment. */
const [folder = '', id = '', moment = ''] = process.argv.slice(2);

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  for (;;);
}

void theSandbox(folder).then(async (sandbox) => {
  const world = worldOf(sandbox, join(sandbox.folder, 'gate'), { approvers: sandbox.state.approvers, deployers: [] }, Date.now);
  const dying: World = {
    ...world,
    store: (stored, request) => {
      if (moment === 'before the mark' && request.execution?.mark && request.state === 'executing') die();
      if (moment === 'after the commit' && request.state === 'executed') die();
      return world.store(stored, request);
    },
    open: async (request) => {
      const session = await world.open(request);
      return { ...session, commit: (document) => (moment === 'after the mark' ? die() : session.commit(document)) };
    },
  };
  await carryOut(dying, id);
});
