/** What returns values, contents or keys instead of settings, among actions that begin like reading. */
const RETURNS_VALUES = /^(secretsmanager:.*GetSecretValue|ssm:GetParameter|s3:GetObject|kms:(Get.*Token|GetParametersForImport)|logs:(Get(LogEvents|LogRecord|QueryResults)|FilterLogEvents)|dynamodb:|sts:|ecr:GetAuthorizationToken|rds:DownloadDBLog|athena:GetQueryResults)/;

/** Whether an action reads settings. */
export const readsSettings = (action: string): boolean => /^[a-z0-9-]+:(Get|List|Describe)[A-Z]/.test(action) && !RETURNS_VALUES.test(action);
