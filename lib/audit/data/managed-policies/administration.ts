import type { ManagedPolicies } from './allowed';

/** AWS-managed policies for whoever runs an account. */
export const ADMINISTRATION: ManagedPolicies = {
  'AdministratorAccess': [{ actions: { '*': '*' } }],
  'PowerUserAccess': [
    { except: { account: '*', iam: '*', organizations: '*' } },
    {
      actions: {
        account: 'Get* ListRegions', iam: 'CreateServiceLinkedRole DeleteServiceLinkedRole ListRoles',
        organizations: 'DescribeEffectivePolicy DescribeOrganization',
      },
    },
  ],
  'IAMFullAccess': [{ actions: { iam: '*', organizations: 'Describe* List*' } }],
  'IAMReadOnlyAccess': [{ actions: { iam: 'GenerateCredentialReport GenerateServiceLastAccessedDetails Get* List* SimulateCustomPolicy SimulatePrincipalPolicy' } }],
};
