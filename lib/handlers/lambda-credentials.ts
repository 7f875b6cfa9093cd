/** What the AWS SDK asks for when it needs credentials. */
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/**
 * The credentials of the function's role, which Lambda puts into its environment; there is no other source. The bundles
 * contain this in place of the SDK's chain of providers, under the same name.
 */
export function defaultProvider(): () => Promise<Credentials> {
  const variable = (name: string): string => {
    const value = process.env[name];
    if (value === undefined || value === '') throw new Error(`no credentials: the environment variable ${name} is not set`);
    return value;
  };
  // eslint-disable-next-line @typescript-eslint/require-await -- a missing variable must reject, not throw
  return async () => ({
    accessKeyId: variable('AWS_ACCESS_KEY_ID'),
    secretAccessKey: variable('AWS_SECRET_ACCESS_KEY'),
    sessionToken: variable('AWS_SESSION_TOKEN'),
  });
}
