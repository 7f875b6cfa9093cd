import { call, onTarget, type Call } from './calls';

/** What a call changes about what a principal may do. */
export interface Change {
  /** It may be allowed everything that its boundary and the organization leave. */
  readonly widened?: true;
  /** Nothing bounds it but the organization. */
  readonly unbounded?: true;
  /** What its inline policies deny is gone. */
  readonly inlineGone?: true;
  /** What its managed policies deny is gone. */
  readonly attachedGone?: true;
  /** Resource ids of groups that a user is a member of now. */
  readonly joined?: readonly string[];
}

/** Both changes. */
export function merged(a: Change, b: Change): Change {
  const joined = [...new Set([...(a.joined ?? []), ...(b.joined ?? [])])].sort();
  return { ...a, ...b, ...(joined.length > 0 && { joined }) };
}

/** The same text for the same change. */
export const keyOf = ({ widened, unbounded, inlineGone, attachedGone, joined = [] }: Change): string =>
  [widened && 'w', unbounded && 'u', inlineGone && 'i', attachedGone && 'a', ...joined].filter(Boolean).join(' ');

/** Calls that rewrite what a principal may do. Whoever acts as the principal afterwards has what they give. */
export interface AlteringPivot {
  /** What `target` is: the principal itself, or something that decides about all its holders. */
  readonly target: 'role' | 'user' | 'group' | 'policy' | 'boundary';
  readonly calls: readonly Call[];
  readonly change: Change;
  readonly assuming?: string;
}

const ADMINISTRATOR = { 'iam:PolicyARN': 'arn:{partition}:iam::aws:policy/AdministratorAccess' };

const alter = (target: AlteringPivot['target'], action: string, change: Change, knowing: Readonly<Record<string, string>> = {}): AlteringPivot =>
  ({ target, calls: [onTarget(action, knowing)], change });

export const ALTERING: readonly AlteringPivot[] = [
  // An inline policy of the same name is overwritten, with what it denied.
  alter('role', 'iam:PutRolePolicy', { widened: true, inlineGone: true }),
  alter('user', 'iam:PutUserPolicy', { widened: true, inlineGone: true }),
  alter('group', 'iam:PutGroupPolicy', { widened: true }),
  alter('role', 'iam:AttachRolePolicy', { widened: true }, ADMINISTRATOR),
  alter('user', 'iam:AttachUserPolicy', { widened: true }, ADMINISTRATOR),
  alter('group', 'iam:AttachGroupPolicy', { widened: true }, ADMINISTRATOR),
  alter('policy', 'iam:CreatePolicyVersion', { widened: true, attachedGone: true }),
  {
    target: 'policy', calls: [onTarget('iam:SetDefaultPolicyVersion')], change: { widened: true, attachedGone: true },
    assuming: 'an older version of the policy allows more',
  },
  alter('role', 'iam:DeleteRolePolicy', { inlineGone: true }),
  alter('user', 'iam:DeleteUserPolicy', { inlineGone: true }),
  alter('role', 'iam:DetachRolePolicy', { attachedGone: true }),
  alter('user', 'iam:DetachUserPolicy', { attachedGone: true }),
  alter('role', 'iam:DeleteRolePermissionsBoundary', { unbounded: true }),
  alter('user', 'iam:DeleteUserPermissionsBoundary', { unbounded: true }),
  alter('role', 'iam:PutRolePermissionsBoundary', { unbounded: true }, { 'iam:PermissionsBoundary': ADMINISTRATOR['iam:PolicyARN'] }),
  alter('user', 'iam:PutUserPermissionsBoundary', { unbounded: true }, { 'iam:PermissionsBoundary': ADMINISTRATOR['iam:PolicyARN'] }),
  alter('boundary', 'iam:CreatePolicyVersion', { unbounded: true }),
  {
    target: 'boundary', calls: [onTarget('iam:SetDefaultPolicyVersion')], change: { unbounded: true },
    assuming: 'an older version of the boundary allows more',
  },
];

/** Calls that make their caller act as a principal that exists, without its trust policy having said so before. */
export const TAKING: readonly { readonly target: 'role' | 'user'; readonly calls: readonly Call[] }[] = [
  { target: 'role', calls: [onTarget('iam:UpdateAssumeRolePolicy')] },
  { target: 'user', calls: [onTarget('iam:CreateAccessKey')] },
  { target: 'user', calls: [onTarget('iam:CreateLoginProfile')] },
  { target: 'user', calls: [onTarget('iam:UpdateLoginProfile')] },
  { target: 'user', calls: [onTarget('iam:CreateServiceSpecificCredential')] },
];

/** Calls that rewrite who an identity provider vouches for: they give every role that trusts the provider. */
export const PROVIDERS: Readonly<Record<string, readonly string[]>> = {
  'AWS::IAM::SAMLProvider': ['iam:UpdateSAMLProvider'],
  'AWS::IAM::OIDCProvider': ['iam:AddClientIDToOpenIDConnectProvider', 'iam:UpdateOpenIDConnectProviderThumbprint'],
};

/**
 * Ways to make a principal that did not exist and may do anything. `bounded`: a demand that new principals have a boundary is
 * honoured.
 */
export const MAKING: readonly { readonly what: string; readonly bounded: boolean; readonly calls: readonly Call[] }[] = [
  {
    what: 'a new role', bounded: true,
    calls: [call('iam:CreateRole', 'role/any'), call('iam:AttachRolePolicy', 'role/any', ADMINISTRATOR)],
  },
  { what: 'a new role', bounded: true, calls: [call('iam:CreateRole', 'role/any'), call('iam:PutRolePolicy', 'role/any')] },
  {
    what: 'a new user', bounded: true,
    calls: [call('iam:CreateUser', 'user/any'), call('iam:AttachUserPolicy', 'user/any', ADMINISTRATOR), call('iam:CreateAccessKey', 'user/any')],
  },
  {
    what: 'a new user', bounded: true,
    calls: [call('iam:CreateUser', 'user/any'), call('iam:PutUserPolicy', 'user/any'), call('iam:CreateAccessKey', 'user/any')],
  },
  { what: 'the root user', bounded: false, calls: [call('sts:AssumeRoot', 'root')] },
  { what: 'a permission set', bounded: false, calls: [call('sso:CreateAccountAssignment', 'permissionSet/any/any')] },
  { what: 'a permission set', bounded: false, calls: [call('sso:PutInlinePolicyToPermissionSet', 'permissionSet/any/any')] },
  { what: 'a permission set', bounded: false, calls: [call('sso:AttachManagedPolicyToPermissionSet', 'permissionSet/any/any')] },
];
