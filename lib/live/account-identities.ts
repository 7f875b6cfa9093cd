import type { AttachedPolicy, GetAccountAuthorizationDetailsResponse, ManagedPolicyDetail } from '@aws-sdk/client-iam';
import type { Value } from '../audit/model';
import type { Answer, Asking } from './asking';

type Properties = { readonly [key: string]: Value };

/** A role, user, group, managed policy or instance profile of the account, with the properties that a template would have. */
export interface Identity {
  readonly type: string;
  /** What CloudFormation calls it: the name, or the ARN of a managed policy. */
  readonly physicalId: string;
  readonly arn: string;
  readonly properties: Properties;
}

type Page = Pick<GetAccountAuthorizationDetailsResponse, 'RoleDetailList' | 'UserDetailList' | 'GroupDetailList' | 'Policies'>;

/** Every identity of the account with everything that is attached to it, in a handful of calls however many there are. */
export async function accountIdentities(asking: Asking): Promise<Answer<readonly Identity[]>> {
  const pages = await asking.all('iam:GetAccountAuthorizationDetails', { MaxItems: 1000 }, (page): readonly Page[] => [page],
    ({ IsTruncated, Marker }) => IsTruncated && Marker ? { Marker } : undefined);
  return pages.do === 'seen' ? { do: 'seen', output: distinct(pages.output.flatMap(identitiesOf)) } : pages;
}

function identitiesOf({ RoleDetailList = [], UserDetailList = [], GroupDetailList = [], Policies = [] }: Page): readonly Identity[] {
  const roles = RoleDetailList.map((role): Identity => ({
    type: 'AWS::IAM::Role', physicalId: role.RoleName ?? '', arn: role.Arn ?? '',
    properties: {
      RoleName: role.RoleName ?? '', Path: role.Path ?? '/', AssumeRolePolicyDocument: documentOf(role.AssumeRolePolicyDocument),
      ...boundary(role.PermissionsBoundary), ...policies(role.RolePolicyList, role.AttachedManagedPolicies),
    },
  }));
  const users = UserDetailList.map((user): Identity => ({
    type: 'AWS::IAM::User', physicalId: user.UserName ?? '', arn: user.Arn ?? '',
    properties: { UserName: user.UserName ?? '', Path: user.Path ?? '/', Groups: user.GroupList ?? [], ...boundary(user.PermissionsBoundary), ...policies(user.UserPolicyList, user.AttachedManagedPolicies) },
  }));
  const groups = GroupDetailList.map((group): Identity => ({
    type: 'AWS::IAM::Group', physicalId: group.GroupName ?? '', arn: group.Arn ?? '',
    properties: { GroupName: group.GroupName ?? '', Path: group.Path ?? '/', ...policies(group.GroupPolicyList, group.AttachedManagedPolicies) },
  }));
  const managed = Policies.map((policy): Identity => ({
    type: 'AWS::IAM::ManagedPolicy', physicalId: policy.Arn ?? '', arn: policy.Arn ?? '',
    properties: { ManagedPolicyName: policy.PolicyName ?? '', Path: policy.Path ?? '/', PolicyDocument: documentOf(inForce(policy)) },
  }));
  const profiles = RoleDetailList.flatMap(({ InstanceProfileList = [] }) => InstanceProfileList).map((profile): Identity => ({
    type: 'AWS::IAM::InstanceProfile', physicalId: profile.InstanceProfileName ?? '', arn: profile.Arn ?? '',
    properties: { InstanceProfileName: profile.InstanceProfileName ?? '', Path: profile.Path ?? '/', Roles: (profile.Roles ?? []).flatMap(({ RoleName }) => RoleName ?? []) },
  }));
  return [...roles, ...users, ...groups, ...managed, ...profiles];
}

/** IAM writes documents as RFC 3986 has it. One that is no JSON is left as text, which the rules take for unknown. */
function documentOf(text: string | undefined): Value {
  if (text === undefined) return '';
  try {
    return JSON.parse(decodeURIComponent(text)) as Value;
  } catch {
    return text;
  }
}

const inForce = ({ PolicyVersionList = [], DefaultVersionId }: ManagedPolicyDetail): string | undefined =>
  (PolicyVersionList.find(({ IsDefaultVersion }) => IsDefaultVersion) ?? PolicyVersionList.find(({ VersionId }) => VersionId === DefaultVersionId))?.Document;

const boundary = (attached: { readonly PermissionsBoundaryArn?: string } | undefined): Properties =>
  attached?.PermissionsBoundaryArn ? { PermissionsBoundary: attached.PermissionsBoundaryArn } : {};

function policies(inline: readonly { readonly PolicyName?: string; readonly PolicyDocument?: string }[] = [], attached: readonly AttachedPolicy[] = []): Properties {
  return {
    Policies: inline.map(({ PolicyName, PolicyDocument }) => ({ PolicyName: PolicyName ?? '', PolicyDocument: documentOf(PolicyDocument) })),
    ManagedPolicyArns: attached.flatMap(({ PolicyArn }) => PolicyArn ?? []),
  };
}

/** An instance profile is listed with each of its roles. */
function distinct(identities: readonly Identity[]): readonly Identity[] {
  return [...new Map(identities.map((identity) => [`${identity.type} ${identity.arn}`, identity])).values()];
}
