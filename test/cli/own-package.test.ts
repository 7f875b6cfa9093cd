import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileFrom, ownFile, ownFileFrom, ownVersion, wayToCall } from '../../lib/cli/own-package';
import packageJson from '../../package.json';

const ROOT = join(__dirname, '..', '..');

test('files of the package are found from anywhere, and named as a person there would', () => {
  expect(ownFile('cdk.json')).toBe(join(ROOT, 'cdk.json'));
  expect(ownFileFrom(ROOT, 'examples', 'existing-instance', 'app.ts')).toBe(join('examples', 'existing-instance', 'app.ts'));
  expect(ownFileFrom(join(ROOT, 'lib'), 'cdk.json')).toBe(join(ROOT, 'cdk.json'));
  expect(fileFrom('/app', '/app/cdk.json')).toBe('cdk.json');
});

test('what the demo points at is in the package', () => {
  for (const file of ['ENVIRONMENTS.md', 'README.md', 'examples']) {
    expect(packageJson.files).toContain(file);
    expect(existsSync(join(ROOT, file))).toBe(true);
  }
});

test('its version is that of package.json', () => {
  expect(ownVersion()).toBe(packageJson.version);
});

test('a clone is told the way through npm, which compiles nothing; a package the way through npx', () => {
  expect(wayToCall('/home/me/clone/bin/dbguard.ts')).toBe('npm run -s dbguard --');
  expect(wayToCall('/app/node_modules/cdk-agent-db-guardrails/dist/bin/dbguard.js')).toBe('npx dbguard');
  expect(Object.keys(packageJson.scripts)).toContain('dbguard');
  expect(packageJson.bin).toEqual({ dbguard: './dist/bin/dbguard.js' });
});
