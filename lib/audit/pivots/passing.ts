import { call, type Call } from './calls';

/**
 * Ways to run what one likes with a role by passing it to a service: `iam:PassRole` on the role for that service, a trust
 * policy that lets the service take the role on, and the calls. Calls that only start what was made are left out where
 * something else can start it too (a schedule, an event, a deployment).
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
export interface PassingPivot {
  /** The service principal that takes the role on, as in `iam:PassedToService` and in the role's trust policy. */
  readonly service: string;
  readonly calls: readonly Call[];
  /** The role has to be in an instance profile, which is named in its place. */
  readonly byProfile?: true;
}

const pass = (service: string, ...calls: readonly Call[]): PassingPivot => ({ service, calls });
const profile = (...calls: readonly Call[]): PassingPivot => ({ service: 'ec2.amazonaws.com', calls, byProfile: true });
const newTask = call('ecs:RegisterTaskDefinition', 'task-definition/any:1');

export const PASSING: readonly PassingPivot[] = [
  pass('lambda.amazonaws.com', call('lambda:CreateFunction', 'function:any')),
  pass('lambda.amazonaws.com', call('lambda:UpdateFunctionConfiguration', 'function:any'), call('lambda:UpdateFunctionCode', 'function:any')),
  pass('lambda.amazonaws.com', call('lambda:RunMicrovm', 'microvm-image:any')),
  pass('lambda.amazonaws.com', call('synthetics:CreateCanary', 'nothing')),
  pass('lambda.amazonaws.com', call('synthetics:UpdateCanary', 'canary:any')),

  profile(call('ec2:RunInstances', 'instance/any')),
  profile(call('ec2:CreateFleet', 'fleet/any')),
  profile(call('ec2:RequestSpotInstances', 'spot-instances-request/any')),
  profile(call('ec2:RequestSpotFleet', 'spot-fleet-request/any')),
  profile(call('ec2:ReplaceIamInstanceProfileAssociation', 'instance/any')),
  profile(call('ec2:AssociateIamInstanceProfile', 'instance/any')),
  profile(call('autoscaling:CreateLaunchConfiguration', 'launchConfiguration:any:launchConfigurationName/any')),
  profile(call('autoscaling:CreateAutoScalingGroup', 'autoScalingGroup:any:autoScalingGroupName/any')),
  profile(call('autoscaling:UpdateAutoScalingGroup', 'autoScalingGroup:any:autoScalingGroupName/any')),
  profile(call('ec2:CreateLaunchTemplateVersion', 'launch-template/any')),
  profile(call('imagebuilder:CreateInfrastructureConfiguration', 'infrastructure-configuration/any')),
  profile(call('elasticbeanstalk:CreateEnvironment', 'environment/any/any')),
  profile(call('elasticmapreduce:RunJobFlow', 'nothing')),
  pass('ec2.amazonaws.com', call('iam:AddRoleToInstanceProfile', 'instance-profile/any'), call('ec2:RunInstances', 'instance/any')),

  pass('ecs-tasks.amazonaws.com', newTask, call('ecs:CreateService', 'service/any/any')),
  pass('ecs-tasks.amazonaws.com', newTask, call('ecs:UpdateService', 'service/any/any')),
  // These can replace the role and the command of a task definition that exists.
  pass('ecs-tasks.amazonaws.com', call('ecs:RunTask', 'task-definition/any:1')),
  pass('ecs-tasks.amazonaws.com', call('ecs:StartTask', 'task-definition/any:1')),
  pass('ecs-tasks.amazonaws.com', call('batch:RegisterJobDefinition', 'job-definition/any'), call('batch:SubmitJob', 'job-definition/any')),

  pass('cloudformation.amazonaws.com', call('cloudformation:CreateStack', 'stack/any/any')),
  pass('cloudformation.amazonaws.com', call('cloudformation:UpdateStack', 'stack/any/any')),
  pass('cloudformation.amazonaws.com', call('cloudformation:DeleteStack', 'stack/any/any')),
  pass(
    'cloudformation.amazonaws.com',
    call('cloudformation:CreateChangeSet', 'stack/any/any'), call('cloudformation:ExecuteChangeSet', 'stack/any/any'),
  ),
  pass('cloudformation.amazonaws.com', call('cloudformation:CreateStackSet', 'nothing')),
  pass('cloudformation.amazonaws.com', call('cloudformation:UpdateStackSet', 'stackset/any:any')),
  pass('cloudformation.amazonaws.com', call('cloudformation:CreateResource', 'nothing')),
  pass('cloudformation.amazonaws.com', call('cloudformation:UpdateResource', 'nothing')),
  pass('cloudformation.amazonaws.com', call('cloudformation:DeleteResource', 'nothing')),

  pass('codebuild.amazonaws.com', call('codebuild:CreateProject', 'project/any')),
  pass('codebuild.amazonaws.com', call('codebuild:UpdateProject', 'project/any')),
  pass('codebuild.amazonaws.com', call('codebuild:StartBuild', 'project/any', { 'codebuild:serviceRole': 'any' })),
  pass('codepipeline.amazonaws.com', call('codepipeline:CreatePipeline', 'any')),
  pass('codepipeline.amazonaws.com', call('codepipeline:UpdatePipeline', 'any')),
  pass('codedeploy.amazonaws.com', call('codedeploy:CreateDeploymentGroup', 'deploymentgroup:any/any')),
  pass('amplify.amazonaws.com', call('amplify:CreateApp', 'nothing')),
  pass('amplify.amazonaws.com', call('amplify:UpdateApp', 'apps/any')),

  pass('states.amazonaws.com', call('states:CreateStateMachine', 'stateMachine:any')),
  pass('states.amazonaws.com', call('states:UpdateStateMachine', 'stateMachine:any')),
  pass('states.amazonaws.com', call('states:TestState', 'nothing')),
  pass('events.amazonaws.com', call('events:PutTargets', 'rule/any')),
  pass('scheduler.amazonaws.com', call('scheduler:CreateSchedule', 'schedule/any/any')),
  pass('scheduler.amazonaws.com', call('scheduler:UpdateSchedule', 'schedule/any/any')),
  pass('pipes.amazonaws.com', call('pipes:CreatePipe', 'pipe/any')),
  pass('pipes.amazonaws.com', call('pipes:UpdatePipe', 'pipe/any')),
  pass('ssm.amazonaws.com', call('ssm:StartAutomationExecution', 'document/any')),
  pass('ssm.amazonaws.com', call('ssm:StartChangeRequestExecution', 'document/any')),
  pass('ssm.amazonaws.com', call('ssm:RegisterTaskWithMaintenanceWindow', 'maintenancewindow/any')),
  pass('ssm.amazonaws.com', call('ssm:CreateAssociation', 'document/any')),
  pass('ssm.amazonaws.com', call('config:PutRemediationConfigurations', 'remediation-configuration/any')),
  pass('fis.amazonaws.com', call('fis:CreateExperimentTemplate', 'experiment-template/any')),

  pass('glue.amazonaws.com', call('glue:CreateDevEndpoint', 'nothing')),
  pass('glue.amazonaws.com', call('glue:CreateJob', 'job/any')),
  pass('glue.amazonaws.com', call('glue:UpdateJob', 'job/any')),
  pass('glue.amazonaws.com', call('glue:CreateSession', 'session/any')),
  pass('databrew.amazonaws.com', call('databrew:CreateRecipeJob', 'nothing')),
  pass('datapipeline.amazonaws.com', call('datapipeline:CreatePipeline', 'nothing'), call('datapipeline:PutPipelineDefinition', 'pipeline/any')),
  pass('emr-serverless.amazonaws.com', call('emr-serverless:StartJobRun', '/applications/any')),
  pass('kinesisanalytics.amazonaws.com', call('kinesisanalytics:CreateApplication', 'nothing')),
  pass('kinesisanalytics.amazonaws.com', call('kinesisanalytics:UpdateApplication', 'application/any')),
  pass('airflow-env.amazonaws.com', call('airflow:CreateEnvironment', 'environment/any')),
  pass('airflow-env.amazonaws.com', call('airflow:UpdateEnvironment', 'environment/any')),

  pass('sagemaker.amazonaws.com', call('sagemaker:CreateNotebookInstance', 'notebook-instance/any')),
  pass('sagemaker.amazonaws.com', call('sagemaker:UpdateNotebookInstance', 'notebook-instance/any')),
  pass('sagemaker.amazonaws.com', call('sagemaker:CreateTrainingJob', 'training-job/any')),
  pass('sagemaker.amazonaws.com', call('sagemaker:CreateProcessingJob', 'processing-job/any')),
  pass('sagemaker.amazonaws.com', call('sagemaker:CreatePipeline', 'pipeline/any')),
  pass('bedrock.amazonaws.com', call('bedrock:CreateAgent', 'nothing')),
  pass('bedrock.amazonaws.com', call('bedrock:UpdateAgent', 'agent/any')),
  pass('bedrock-agentcore.amazonaws.com', call('bedrock-agentcore:CreateAgentRuntime', 'nothing')),
  pass('bedrock-agentcore.amazonaws.com', call('bedrock-agentcore:UpdateAgentRuntime', 'runtime/any')),
  pass('bedrock-agentcore.amazonaws.com', call('bedrock-agentcore:CreateCodeInterpreter', 'nothing')),
  pass('bedrock-agentcore.amazonaws.com', call('bedrock-agentcore:CreateBrowser', 'nothing')),
  pass('bedrock-agentcore.amazonaws.com', call('bedrock-agentcore:CreateGateway', 'nothing')),
  pass('bedrock-agentcore.amazonaws.com', call('bedrock-agentcore:CreateHarness', 'nothing')),
  pass('braket.amazonaws.com', call('braket:CreateJob', 'job/any')),
  pass('omics.amazonaws.com', call('omics:StartRun', 'run/any')),
  pass('gamelift.amazonaws.com', call('gamelift:CreateFleet', 'nothing')),

  pass('tasks.apprunner.amazonaws.com', call('apprunner:CreateService', 'service/any/any')),
  pass('tasks.apprunner.amazonaws.com', call('apprunner:UpdateService', 'service/any/any')),
  pass('apigateway.amazonaws.com', call('apigateway:PUT', '/restapis/any/resources/any/methods/any/integration')),
  pass('appsync.amazonaws.com', call('appsync:CreateDataSource', 'nothing')),
  pass('iot.amazonaws.com', call('iot:CreateTopicRule', 'rule/any')),
  pass('transfer.amazonaws.com', call('transfer:CreateUser', 'server/any')),
  pass('backup.amazonaws.com', call('backup:StartRestoreJob', 'recovery-point:any')),
  pass('rolesanywhere.amazonaws.com', call('rolesanywhere:CreateProfile', 'nothing')),
  pass('pods.eks.amazonaws.com', call('eks:CreatePodIdentityAssociation', 'cluster/any')),
  pass('cognito-identity.amazonaws.com', call('cognito-identity:SetIdentityPoolRoles', 'nothing')),
];
