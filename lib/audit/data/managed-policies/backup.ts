import type { ManagedPolicies } from './allowed';

/** AWS-managed policies of AWS Backup. */
export const BACKUP: ManagedPolicies = {
  'AWSBackupFullAccess': [
    {
      actions: {
        'backup-gateway': 'AssociateGatewayToServer CreateGateway DeleteGateway DeleteHypervisor DisassociateGatewayFromServer Get* ImportHypervisorConfiguration List* '
          + 'PutBandwidthRateLimitSchedule PutHypervisorPropertyMappings PutMaintenanceStartTime StartVirtualMachinesMetadataSync TagResource '
          + 'TestHypervisorConfiguration UntagResource UpdateGatewayInformation UpdateHypervisor',
        'backup-storage': '*', backup: '*', cloudformation: 'ListStacks', cloudwatch: 'GetMetricData', ds: 'DescribeDirectories',
        dsql: 'GetCluster ListClusters ListTagsForResource', dynamodb: 'DeleteBackup ListBackups ListTables', ec2: 'DeleteSnapshot DeregisterImage Describe*',
        eks: 'DescribeCluster ListClusters ListTagsForResource', elasticfilesystem: 'DescribeFileSystems', fsx: 'DeleteBackup Describe*',
        iam: 'CreateServiceLinkedRole GetRole ListRoles', kms: 'CreateGrant DescribeKey GenerateDataKey ListAliases ListKeys',
        organizations: 'DescribeOrganization', ram: 'GetResourceShareAssociations',
        rds: 'DeleteDBClusterSnapshot DeleteDBSnapshot Describe* ListTagsForResource',
        'redshift-serverless': 'DeleteSnapshot GetNamespace GetSnapshot GetWorkgroup List*', redshift: 'Describe*', s3: 'ListAllMyBuckets',
        'ssm-sap': 'GetDatabase GetOperation ListDatabases ListTagsForResource', ssm: 'CancelCommand GetCommandInvocation', storagegateway: 'Describe* List*',
        tag: 'Get*', timestream: 'DescribeEndpoints ListDatabases ListTables',
      },
    },
    { actions: { ssm: 'SendCommand' }, resources: ['arn:*:ec2:*:*:instance/*', 'arn:*:ssm:*:*:document/AWSEC2-CreateVssSnapshot'] },
    {
      actions: { iam: 'PassRole' },
      resources: ['arn:*:iam::*:role/*AWSBackup*', 'arn:*:iam::*:role/*AwsBackup*'],
      passedTo: ['backup.amazonaws.com', 'restore-testing.backup.amazonaws.com'],
    },
    {
      actions: { iam: 'PassRole' },
      resources: ['arn:*:iam::*:role/*AWSBackupGuardDuty*', 'arn:*:iam::*:role/*AwsBackupGuardDuty*'],
      passedTo: ['malware-protection.guardduty.amazonaws.com'],
    },
  ],
  'AWSBackupOperatorAccess': [
    {
      actions: {
        'backup-gateway': 'Get* List*',
        backup: 'CreateBackupSelection DeleteBackupSelection Describe* Get* List* StartBackupJob StartCopyJob StartRestoreJob StartScanJob',
        cloudformation: 'ListStacks', cloudwatch: 'GetMetricData', ds: 'DescribeDirectories', dsql: 'GetCluster ListClusters ListTagsForResource',
        dynamodb: 'ListBackups ListTables', ec2: 'Describe*', eks: 'DescribeCluster ListClusters ListTagsForResource',
        elasticfilesystem: 'DescribeFileSystems', fsx: 'Describe*', iam: 'GetRole ListRoles', organizations: 'DescribeOrganization',
        ram: 'GetResourceShareAssociations', rds: 'Describe* ListTagsForResource', 'redshift-serverless': 'GetNamespace GetSnapshot GetWorkgroup List*',
        redshift: 'Describe*', s3: 'ListAllMyBuckets', 'ssm-sap': 'GetDatabase GetOperation ListDatabases ListTagsForResource',
        ssm: 'CancelCommand GetCommandInvocation', storagegateway: 'Describe* List*', tag: 'Get*', timestream: 'DescribeEndpoints ListDatabases ListTables',
      },
    },
    { actions: { ssm: 'SendCommand' }, resources: ['arn:*:ec2:*:*:instance/*', 'arn:*:ssm:*:*:document/AWSEC2-CreateVssSnapshot'] },
    { actions: { iam: 'PassRole' }, resources: ['arn:*:iam::*:role/*AWSBackup*', 'arn:*:iam::*:role/*AwsBackup*'], passedTo: ['backup.amazonaws.com'] },
    {
      actions: { iam: 'PassRole' },
      resources: ['arn:*:iam::*:role/*AWSBackupGuardDuty*', 'arn:*:iam::*:role/*AwsBackupGuardDuty*'],
      passedTo: ['malware-protection.guardduty.amazonaws.com'],
    },
  ],
  'service-role/AWSBackupServiceRolePolicyForBackup': [
    {
      actions: {
        'backup-gateway': 'Backup ListTagsForResource', backup: 'CopyFromBackupVault CopyIntoBackupVault DescribeBackupVault',
        cloudformation: 'DescribeStacks GetTemplate ListStackResources ListStacks',
        dsql: 'GetBackupJob GetCluster ListClusters ListTagsForResource StartBackupJob StopBackupJob',
        dynamodb: 'CreateBackup DescribeBackup DescribeTable ListTagsOfResource StartAwsBackupJob',
        ec2: 'CopyImage CopySnapshot CreateImage CreateSnapshot DeleteSnapshot DeregisterImage Describe* ModifyImageAttribute ModifySnapshotAttribute ModifySnapshotTier',
        eks: 'AssociateAccessPolicy CreateAccessEntry Describe* DisassociateAccessPolicy List*', elasticfilesystem: 'Backup DescribeTags',
        fsx: 'CopyBackup CreateBackup DeleteBackup Describe* ListTagsForResource ManageBackupPrincipalAssociations',
        guardduty: 'GetMalwareScan StartMalwareScan',
        kms: 'CreateGrant Decrypt DescribeKey GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo',
        rds: 'AddTagsToResource CopyDBClusterSnapshot CopyDBSnapshot CreateDBClusterSnapshot CreateDBSnapshot DeleteDBClusterAutomatedBackup '
          + 'DeleteDBInstanceAutomatedBackup Describe* ListTagsForResource ModifyDBCluster ModifyDBInstance',
        'redshift-serverless': 'CreateSnapshot DeleteSnapshot GetNamespace GetSnapshot List*',
        redshift: 'CreateClusterSnapshot DeleteClusterSnapshot Describe*',
        'ssm-sap': 'BackupDatabase GetDatabase GetOperation ListDatabases ListTagsForResource UpdateHANABackupSettings',
        ssm: 'CancelCommand GetCommandInvocation', storagegateway: 'ListTagsForResource', tag: 'GetResources',
        timestream: 'Describe* GetAwsBackupStatus List* StartAwsBackupJob',
      },
    },
    { actions: { dynamodb: 'DeleteBackup' }, resources: ['arn:*:dynamodb:*:*:table/*/backup/*'] },
    { actions: { rds: 'DeleteDBSnapshot ModifyDBSnapshotAttribute' }, resources: ['arn:*:rds:*:*:snapshot:awsbackup:*'] },
    { actions: { rds: 'DeleteDBClusterSnapshot ModifyDBClusterSnapshotAttribute' }, resources: ['arn:*:rds:*:*:cluster-snapshot:awsbackup:*'] },
    { actions: { storagegateway: 'CreateSnapshot' }, resources: ['arn:*:storagegateway:*:*:gateway/*/volume/*'] },
    { actions: { ssm: 'SendCommand' }, resources: ['arn:*:ec2:*:*:instance/*', 'arn:*:ssm:*:*:document/AWSEC2-CreateVssSnapshot'] },
    {
      actions: { backup: 'TagResource', ec2: 'CreateTags', fsx: 'TagResource', 'redshift-serverless': 'TagResource', redshift: 'CreateTags' },
      resources: [
        'arn:*:backup:*:*:recovery-point:*', 'arn:*:ec2:*:*:image/*', 'arn:*:ec2:*::snapshot/*', 'arn:*:fsx:*:*:backup/*',
        'arn:*:redshift-serverless:*:*:snapshot/*', 'arn:*:redshift:*:*:snapshot:*/*',
      ],
    },
    { actions: { iam: 'PassRole' }, passedTo: ['malware-protection.guardduty.amazonaws.com'] },
  ],
  'service-role/AWSBackupServiceRolePolicyForRestores': [
    {
      actions: {
        'backup-gateway': 'Restore', backup: 'DescribeRestoreJob ListRecoveryPointsByBackupVault ListRestoreJobs StartRestoreJob',
        cloudformation: 'CreateChangeSet DescribeChangeSet', ds: 'DescribeDirectories',
        dsql: 'AddPeerCluster CreateCluster GetCluster GetRestoreJob PutMultiRegionProperties PutWitnessRegion RemovePeerCluster StartRestoreJob StopRestoreJob '
          + 'TagResource UpdateCluster',
        dynamodb: 'BatchWriteItem DeleteItem DescribeTable GetItem PutItem Query RestoreTableFromAwsBackup Scan UpdateItem',
        ebs: 'CompleteSnapshot PutSnapshotBlock StartSnapshot',
        ec2: 'CreateVolume DeleteSnapshot DeleteVolume Describe* RestoreSnapshotTier RunInstances TerminateInstances',
        eks: 'AssociateAccessPolicy CreateAccessEntry CreateAddon CreateCluster CreateFargateProfile CreateNodegroup CreatePodIdentityAssociation Describe* '
          + 'DisassociateAccessPolicy ListAssociatedAccessPolicies',
        elasticfilesystem: 'CreateFileSystem DeleteFileSystem DescribeFileSystems Restore',
        fsx: 'CreateFileSystemFromBackup CreateVolumeFromBackup DeleteFileSystem DeleteVolume Describe*', iam: 'GetRole ListAttachedRolePolicies',
        kms: 'CreateGrant Decrypt DescribeKey Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo',
        rds: 'AddTagsToResource CreateDBInstance CreateTenantDatabase DeleteDBCluster DeleteDBInstance DeleteTenantDatabase Describe* ListTagsForResource '
          + 'RestoreDBClusterFromSnapshot RestoreDBClusterToPointInTime RestoreDBInstanceFromDBSnapshot RestoreDBInstanceToPointInTime',
        'redshift-serverless': 'GetNamespace GetTableRestoreStatus RestoreTableFromSnapshot',
        redshift: 'DescribeClusters DescribeTableRestoreStatus RestoreFromClusterSnapshot RestoreTableFromClusterSnapshot',
        storagegateway: 'CreateCachediSCSIVolume CreateStorediSCSIVolume Describe* ListVolumes',
        timestream: 'Describe* GetAwsRestoreStatus List* StartAwsRestoreJob',
      },
    },
    { actions: { dynamodb: 'RestoreTableFromBackup' }, resources: ['arn:*:dynamodb:*:*:table/*/backup/*'] },
    { actions: { storagegateway: 'AddTagsToResource DeleteVolume' }, resources: ['arn:*:storagegateway:*:*:gateway/*/volume/*'] },
    {
      actions: {
        cloudformation: 'TagResource', ec2: 'CreateTags DeleteTags', eks: 'TagResource', elasticfilesystem: 'TagResource', fsx: 'TagResource UntagResource',
      },
      resources: [
        'arn:*:cloudformation:*:*:*/*/*', 'arn:*:ec2:*:*:instance/*', 'arn:*:ec2:*:*:network-interface/*', 'arn:*:ec2:*:*:route-table/*',
        'arn:*:ec2:*:*:volume/*', 'arn:*:ec2:*::snapshot/*', 'arn:*:eks:*:*:access-entry/*', 'arn:*:eks:*:*:addon/*', 'arn:*:eks:*:*:cluster/*',
        'arn:*:eks:*:*:fargateprofile/*', 'arn:*:eks:*:*:nodegroup/*', 'arn:*:eks:*:*:podidentityassociation/*', 'arn:*:elasticfilesystem:*:*:file-system/*',
        'arn:*:fsx:*:*:backup/*', 'arn:*:fsx:*:*:file-system/*', 'arn:*:fsx:*:*:storage-virtual-machine/*', 'arn:*:fsx:*:*:volume/*',
      ],
    },
    { actions: { iam: 'PassRole' }, passedTo: ['eks.amazonaws.com', 'ec2.amazonaws.com', 'pods.eks.amazonaws.com', 'backup.amazonaws.com'] },
  ],
};
