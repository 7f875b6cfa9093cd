import { defaultProvider } from '../../lib/handlers/lambda-credentials';

const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;
const before = { ...process.env };
afterEach(() => { process.env = { ...before }; });

test('a function acts as its own role', async () => {
  for (const name of names) process.env[name] = `value of ${name}`;
  expect(await defaultProvider()()).toEqual({
    accessKeyId: 'value of AWS_ACCESS_KEY_ID', secretAccessKey: 'value of AWS_SECRET_ACCESS_KEY', sessionToken: 'value of AWS_SESSION_TOKEN',
  });
});

test.each(names)('fails when %s is missing, and names it', async (missing) => {
  for (const name of names) process.env[name] = 'secret';
  delete process.env[missing];
  await expect(defaultProvider()()).rejects.toThrow(new Error(`no credentials: the environment variable ${missing} is not set`));
});
