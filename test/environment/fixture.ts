import { readEnvironments, type Environment, type Mistake } from '../../lib/environment';

/** An environment as somebody wrote it: anything may be anywhere. */
 
export type Written = any;

/** An environment around an existing database, with nothing that has a default. */
export const existing = (): Written => ({
  production: {
    existing: {
      instanceIdentifier: 'orders',
      resourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXY2',
      endpoint: 'orders.abc123.eu-central-1.rds.amazonaws.com',
      engineVersion: '16.10',
      instanceClass: 'db.m7g.large',
      databases: ['orders'],
    },
  },
  agents: [{ name: 'coding', trust: { ecs: {} } }],
  approvers: ['arn:aws:iam::111122223333:role/Dba'],
});

/** An environment around another existing database. */
export const another = (): Written => {
  const environment = existing();
  environment.production.existing.resourceId = 'db-ZYXWVUTSRQPONMLKJIHGFEDCB2';
  return environment;
};

/** An environment that creates its database, with nothing that has a default. */
export const created = (): Written => ({ ...existing(), production: { create: {} } });

/** What is wrong with an environment called `prod` after `edit` changed it; paths from the environment on. */
export function mistakesAfter(edit: (environment: Written) => void, from = existing): Mistake[] {
  const environment = from();
  edit(environment);
  const read = readEnvironments({ prod: environment });
  if (!('mistakes' in read)) return [];
  return read.mistakes.map((mistake) => ({ ...mistake, path: mistake.path.replace(/^environments\.prod\.?/, '') }));
}

/** An environment that is right, with its defaults. */
export function readOne(environment: unknown): Environment {
  const read = readEnvironments({ prod: environment });
  if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes));
  return read.environments['prod']!;
}
