/**
 * Properties that the specification of CloudFormation says may replace a resource, and that AWS's own provider of the type always
 * changes in place: none of them is among the conditions under which it refuses to (`ImmutabilityHelper`).
 * @see https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-rds
 */
export const UPDATED_IN_PLACE: { readonly [type: string]: readonly string[] | undefined } = {
  'AWS::RDS::DBInstance': [
    'AutoMinorVersionUpgrade', 'BackupRetentionPeriod', 'DBParameterGroupName', 'MultiAZ', 'PreferredMaintenanceWindow', 'StorageType',
  ],
};
