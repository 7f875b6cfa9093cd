/** Questions to IAM as a seeded generator makes them: policies of every kind, with conditions, context and wildcards. */

export type Json = Record<string, unknown>;
export interface PolicyJson { Version: string; Statement: Json[] }

export interface GeneratedQuestion {
  readonly principal: string;
  readonly account: string;
  readonly action: string;
  readonly resource: string;
  readonly resourceAccount: string;
  readonly context: Record<string, string | string[]>;
  readonly identity: readonly PolicyJson[];
  readonly boundary: PolicyJson | undefined;
  readonly serviceControl: readonly (readonly PolicyJson[])[];
  readonly resourcePolicy: PolicyJson | undefined;
  readonly session: PolicyJson | undefined;
}

const [OWN, OTHER] = ['111122223333', '444455556666'];

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const PRINCIPALS = ['arn:aws:iam::@:role/Agent', 'arn:aws:iam::@:role/team/Agent', 'arn:aws:iam::@:user/ann', 'arn:aws:sts::@:assumed-role/Agent/run-1'];

/** Action, its resource, and patterns that may or may not cover them. */
const TARGETS: readonly { action: string; resource: string; patterns: readonly string[] }[] = [
  { action: 'rds:DeleteDBInstance', resource: 'arn:aws:rds:eu-central-1:@:db:orders',
    patterns: ['arn:aws:rds:*:@:db:orders', 'arn:aws:rds:eu-*-1:@:db:*', 'arn:aws:rds:eu-central-1:@:db:?rders', 'arn:aws:rds:us-*:@:db:*', 'arn:aws:rds:*:*:db:${aws:PrincipalTag/team}', "arn:aws:rds:*:*:db:${aws:PrincipalTag/none, 'orders'}", 'arn:aws:rds:*:*:cluster:*', 'arn:aws:rds:*:db:orders', 'arn:aws:rds:e*:@:db:orders', 'arn:aws:rds:*:@:db:ORDERS'] },
  { action: 's3:GetObject', resource: 'arn:aws:s3:::shop-data/${orders}/2026.csv',
    patterns: ['arn:aws:s3:::shop-data/*', 'arn:aws:s3:::*', 'arn:aws:s3:::shop-data/${$}{orders}/*', 'arn:aws:s3:::shop-????/*.csv', 'arn:aws:s3:::shop-data', 'arn:aws:s3:::shop-data/${aws:PrincipalTag/team}*'] },
  { action: 'kms:Decrypt', resource: 'arn:aws:kms:eu-central-1:@:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    patterns: ['arn:aws:kms:*:@:key/*', 'arn:aws:kms:eu-central-1:@:key/1234abcd-12ab-34cd-56ef-1234567890ab', 'arn:aws:kms:*:*:key/9*'] },
  { action: 'sts:AssumeRole', resource: 'arn:aws:iam::@:role/Deploy', patterns: ['arn:aws:iam::@:role/Deploy', 'arn:aws:iam::*:role/De*', 'arn:aws:iam::@:role/Other'] },
  { action: 'lambda:InvokeFunction', resource: 'arn:aws:lambda:eu-central-1:@:function:gate',
    patterns: ['arn:aws:lambda:eu-central-1:@:function:*', 'arn:aws:lambda:*:@:function:gat?', 'arn:aws:lambda:*:*:function:gate:*'] },
  { action: 'secretsmanager:GetSecretValue', resource: 'arn:aws:secretsmanager:eu-central-1:@:secret:shop/master-AbCdEf',
    patterns: ['arn:aws:secretsmanager:*:@:secret:shop/*', 'arn:aws:secretsmanager:*:@:secret:shop/master-??????', 'arn:aws:secretsmanager:*:@:secret:shop/master'] },
  { action: 'sqs:SendMessage', resource: 'arn:aws:sqs:eu-central-1:@:requests', patterns: ['arn:aws:sqs:*:*:requests', 'arn:aws:sqs:eu-central-1:@:req*s', 'arn:aws:sqs:eu-central-1:@:other'] },
];

const KEYS: readonly { key: string; values: readonly string[]; wanted: readonly string[]; operators: readonly string[]; many?: true }[] = [
  { key: 'aws:SourceIp', values: ['10.1.2.3', '192.0.2.7', '2001:db8::1'], wanted: ['10.0.0.0/8', '192.0.2.7', '2001:db8::/32', '10.1.2.0/24'], operators: ['IpAddress', 'NotIpAddress'] },
  { key: 'aws:PrincipalTag/team', values: ['orders', 'Orders', 'billing'], wanted: ['orders', 'ORDERS', 'o*', '*', 'bill?ng', '${aws:PrincipalTag/team}', "${aws:PrincipalTag/none, 'billing'}"],
    operators: ['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'] },
  { key: 'aws:RequestedRegion', values: ['eu-central-1', 'us-east-1'], wanted: ['eu-central-1', 'eu-*', 'us-east-1', '*'], operators: ['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike'] },
  { key: 'aws:CurrentTime', values: ['2026-03-31T12:00:00Z', '2027-01-01T00:00:00Z'], wanted: ['2026-12-31T00:00:00Z', '2027-01-01T00:00:00Z', '2026-03-31T12:00:00Z'],
    operators: ['DateEquals', 'DateNotEquals', 'DateLessThan', 'DateLessThanEquals', 'DateGreaterThan', 'DateGreaterThanEquals'] },
  { key: 'aws:MultiFactorAuthAge', values: ['30', '3600'], wanted: ['30', '300', '3600', '30.5'],
    operators: ['NumericEquals', 'NumericNotEquals', 'NumericLessThan', 'NumericLessThanEquals', 'NumericGreaterThan', 'NumericGreaterThanEquals'] },
  { key: 'aws:SecureTransport', values: ['true', 'false'], wanted: ['true', 'false', 'True'], operators: ['Bool'] },
  { key: 'aws:SourceArn', values: ['arn:aws:sns:eu-central-1:111122223333:alarms', 'arn:aws:s3:::shop-data'], wanted: ['arn:aws:sns:*:111122223333:*', 'arn:aws:s3:::*', 'arn:aws:sns:eu-central-1:111122223333:alarms'],
    operators: ['ArnLike', 'ArnNotLike', 'ArnEquals', 'ArnNotEquals', 'StringLike'] },
  { key: 'aws:CalledVia', values: ['athena.amazonaws.com', 'cloudformation.amazonaws.com', 'lambda.amazonaws.com'], wanted: ['athena.amazonaws.com', 'cloud*', 'lambda.amazonaws.com'], many: true,
    operators: ['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike'] },
];

/** As many questions as asked for, always the same for a seed. */
export function* questions(seed: number, count: number): Generator<GeneratedQuestion> {
  const random = seeded(seed);
  const chance = (of: number): boolean => random() < of;
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const some = <T>(list: readonly T[]): T[] => Array.from({ length: 1 + Math.floor(random() * 2) }, () => one(list));
  const single = <T>(list: T[]): T | T[] => (list.length === 1 && chance(0.5) ? list[0]! : list);

  const cased = (key: string): string => (chance(0.2) ? key.toLowerCase() : key);
  const condition = (): Json => {
    const { key, wanted, operators, many } = one(KEYS);
    if (chance(0.12)) return { Null: { [cased(key)]: one(['true', 'false']) } };
    const set = many || chance(0.05) ? one(['ForAllValues:', 'ForAnyValue:']) : '';
    // With a set operator, what an absent key and IfExists make together is not documented.
    return { [`${set}${one(operators)}${set === '' && chance(0.25) ? 'IfExists' : ''}`]: { [cased(key)]: single(some(wanted)) } };
  };
  const conditions = (): Json => {
    if (chance(0.55)) return {};
    return { Condition: chance(0.3) ? { ...condition(), ...condition() } : condition() };
  };

  for (let number = 0; number < count; number += 1) {
    const target = one(TARGETS);
    const resourceAccount = chance(0.15) ? OTHER : OWN;
    const fill = (text: string): string => text.replace('@', resourceAccount);
    const principal = one(PRINCIPALS).replace('@', OWN);
    const [service, name] = target.action.split(':') as [string, string];
    const actions = [target.action, target.action, `${service}:*`, '*', `${service}:${name.slice(0, 3)}*`, target.action.toUpperCase(), `${service}:?${name.slice(1)}`, `${service}:List*`, 'ec2:*', `${service}:*${name.slice(-4)}`];
    const actionOf = (): Json => ({ [chance(0.15) ? 'NotAction' : 'Action']: single(some(actions)) });
    const resourceOf = (): Json => ({
      [chance(0.15) ? 'NotResource' : 'Resource']: single(some([...target.patterns.map(fill), fill(target.resource).replace('${', '${$}{'), '*', '*'])),
    });
    const statement = (allow: number): Json => ({ Effect: chance(allow) ? 'Allow' : 'Deny', ...actionOf(), ...resourceOf(), ...conditions() });
    const policy = (allow: number): PolicyJson => ({ Version: '2012-10-17', Statement: Array.from({ length: 1 + Math.floor(random() * 3) }, () => statement(allow)) });
    const full: PolicyJson = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
    const named = [...PRINCIPALS.map((arn) => arn.replace('@', OWN)), principal, principal, `arn:aws:iam::${OWN}:root`, OWN, `arn:aws:iam::${OTHER}:root`, '*'];
    const withPrincipal = (): PolicyJson => ({
      Version: '2012-10-17',
      Statement: Array.from({ length: 1 + Math.floor(random() * 2) }, (): Json => {
        const { Resource, NotResource, ...rest } = statement(0.8);
        const listed = chance(0.1) && rest.Effect === 'Deny' ? { NotPrincipal: { AWS: single(some(named)) } }
          : { Principal: chance(0.1) ? '*' : { AWS: single(some(named)) } };
        return { ...rest, ...listed, ...(service === 'sts' ? {} : NotResource === undefined ? { Resource } : { NotResource }) };
      }),
    });
    const context = Object.fromEntries(KEYS.filter(() => chance(0.6)).map(({ key, values, many }) => [key, many ? [...new Set(some(values))] : one(values)]));
    yield {
      principal, account: OWN, action: chance(0.1) ? target.action.toLowerCase() : target.action, resource: fill(target.resource), resourceAccount, context,
      identity: Array.from({ length: Math.floor(random() * 3) }, () => policy(0.75)),
      boundary: chance(0.35) ? (chance(0.4) ? full : policy(0.85)) : undefined,
      serviceControl: chance(0.3) ? [[full], chance(0.5) ? [full, policy(0.3)] : [policy(0.9)]] : [],
      resourcePolicy: service === 'sts' || service === 'kms' || chance(0.45) ? withPrincipal() : undefined,
      session: principal.includes(':sts:') && chance(0.2) ? policy(0.9) : undefined,
    };
  }
}

export const KEY_NAMES = [...KEYS.map(({ key }) => key), 'aws:PrincipalTag/none'];
