/** One role or one user of IAM. */
export interface Principal {
  readonly account: string;
  readonly kind: 'role' | 'user';
  readonly name: string;
}

/**
 * The role or user that an ARN names, with any path; a session (`assumed-role`) names the role it is a session of.
 * `undefined` for everything else: the account root, groups, services, wildcards.
 */
export function principalOf(arn: string): Principal | undefined {
  const [, account = '', kind, name = ''] = ROLE_OR_USER.exec(arn) ?? [];
  if (kind === 'role' || kind === 'user') return { account, kind, name };
  const [, sessionAccount = '', role] = SESSION.exec(arn) ?? [];
  return role === undefined ? undefined : { account: sessionAccount, kind: 'role', name: role };
}

/** Whether an ARN names a role or a user itself, as trust policies need it, and not one session of a role. */
export function isRoleOrUser(arn: string): boolean {
  return ROLE_OR_USER.test(arn);
}

/**
 * Whether two ARNs name the same role or user. IAM allows one name per account, whatever its path and its case.
 * ARNs that name neither are the same as nothing.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export function samePrincipal(one: string, other: string): boolean {
  const [a, b] = [principalOf(one), principalOf(other)];
  return a !== undefined && b !== undefined && identity(a) === identity(b);
}

const ROLE_OR_USER = /^arn:aws(?:-[a-z]+)*:iam::(\d{12}):(role|user)\/(?:[\w+=,.@-]+\/)*([\w+=,.@-]{1,64})$/;
const SESSION = /^arn:aws(?:-[a-z]+)*:sts::(\d{12}):assumed-role\/([\w+=,.@-]{1,64})\/[\w+=,.@-]{2,64}$/;

function identity(principal: Principal): string {
  return `${principal.account} ${principal.kind} ${principal.name.toLowerCase()}`;
}
