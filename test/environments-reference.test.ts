import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnvironments } from '../lib/environment';
import { environmentsReference, rows } from '../scripts/environments-reference';

const read = (...path: string[]) => readFileSync(join(__dirname, '..', ...path), 'utf8');
const cdk = JSON.parse(read('cdk.json'));

describe('ENVIRONMENTS.md', () => {
  test('is what the schema says (run `node --import tsx scripts/environments-reference.ts` after changing it)', () => {
    expect(read('ENVIRONMENTS.md')).toBe(environmentsReference());
  });

  test('tells the type, the default and the meaning of every field', () => {
    expect(rows().length).toBeGreaterThan(60);
    expect(rows().filter((row) => row.type === '' || row.default === '' || row.meaning === '')).toEqual([]);
  });

  test('begins with an example that is right', () => {
    const [, example] = /```json\n([\s\S]*?)```/.exec(read('ENVIRONMENTS.md')) ?? [];
    expect(readEnvironments(JSON.parse(example!).context.environments)).toHaveProperty('environments.prod');
  });
});

describe('cdk.json', () => {
  test('has every recommended feature flag with its recommended value, and built-in validation that is strict', () => {
    const recommended = JSON.parse(read('node_modules', 'aws-cdk-lib', 'recommended-feature-flags.json'));
    expect(cdk.context).toMatchObject(recommended);
    expect(cdk.context['@aws-cdk/core:validateAgainstDefaultRules']).toBe(true);
  });

  test('runs the app without compiling it first, with the functions bundled', () => {
    expect([cdk.app, cdk.build]).toEqual(['node --import tsx bin/app.ts', 'npm run -s bundle']);
  });

  test('has environments without a mistake: one to try, one around an existing database, one that uses Lattice', () => {
    const environments = readEnvironments(cdk.context.environments);
    expect(environments).not.toHaveProperty('mistakes');
    expect(environments).toMatchObject({
      environments: {
        'demo': { production: { create: {} }, network: { accessHost: true }, staging: { enabled: true }, replica: { delayed: {} }, backups: { airGapped: {} } },
        'prod-example': { account: '111122223333', region: 'eu-central-1', production: { existing: {} }, backups: { lock: { compliance: {} } } },
        'lattice-example': { production: { existing: {} }, network: { reach: 'lattice' } },
      },
    });
  });
});
