import { call, onTarget, type Call } from './calls';

/** A kind of resource that acts as a role, and where its properties name the role. */
export interface HostType {
  readonly type: string;
  /** Service and last part of the ARN of one of this type that is not in the assembly. */
  readonly shape: string;
  /** Property paths; `*` stands for every element. A value is a role's ARN or name, or an instance profile's. */
  readonly roles: readonly string[];
}

/** What runs with a role, by type. What can be run in it is in `HOSTING`. */
export const HOST_TYPES: readonly HostType[] = [
  { type: 'AWS::Lambda::Function', shape: 'lambda function:any', roles: ['Role'] },
  { type: 'AWS::Serverless::Function', shape: 'lambda function:any', roles: ['Role'] },
  { type: 'AWS::StepFunctions::StateMachine', shape: 'states stateMachine:any', roles: ['RoleArn'] },
  { type: 'AWS::EC2::Instance', shape: 'ec2 instance/any', roles: ['IamInstanceProfile'] },
  { type: 'AWS::EC2::LaunchTemplate', shape: 'ec2 launch-template/any', roles: ['LaunchTemplateData.IamInstanceProfile.Arn', 'LaunchTemplateData.IamInstanceProfile.Name'] },
  { type: 'AWS::AutoScaling::LaunchConfiguration', shape: 'autoscaling launchConfiguration:any:launchConfigurationName/any', roles: ['IamInstanceProfile'] },
  { type: 'AWS::ECS::TaskDefinition', shape: 'ecs task-definition/any:1', roles: ['TaskRoleArn', 'ExecutionRoleArn'] },
  { type: 'AWS::CodeBuild::Project', shape: 'codebuild project/any', roles: ['ServiceRole'] },
  { type: 'AWS::CodePipeline::Pipeline', shape: 'codepipeline any', roles: ['RoleArn', 'Stages.*.Actions.*.RoleArn'] },
  { type: 'AWS::Glue::Job', shape: 'glue job/any', roles: ['Role'] },
  { type: 'AWS::Glue::DevEndpoint', shape: 'glue devEndpoint/any', roles: ['RoleArn'] },
  { type: 'AWS::SageMaker::NotebookInstance', shape: 'sagemaker notebook-instance/any', roles: ['RoleArn'] },
  { type: 'AWS::SageMaker::UserProfile', shape: 'sagemaker user-profile/any/any', roles: ['UserSettings.ExecutionRole'] },
  { type: 'AWS::SSM::Document', shape: 'ssm document/any', roles: ['Content.assumeRole'] },
  { type: 'AWS::Scheduler::Schedule', shape: 'scheduler schedule/any/any', roles: ['Target.RoleArn'] },
  { type: 'AWS::Events::Rule', shape: 'events rule/any', roles: ['RoleArn', 'Targets.*.RoleArn'] },
  { type: 'AWS::Pipes::Pipe', shape: 'pipes pipe/any', roles: ['RoleArn'] },
  { type: 'AWS::AppRunner::Service', shape: 'apprunner service/any/any', roles: ['InstanceConfiguration.InstanceRoleArn'] },
  { type: 'AWS::Batch::JobDefinition', shape: 'batch job-definition/any', roles: ['ContainerProperties.JobRoleArn', 'ContainerProperties.ExecutionRoleArn'] },
  { type: 'AWS::EMR::Cluster', shape: 'elasticmapreduce cluster/any', roles: ['JobFlowRole'] },
  { type: 'AWS::DataPipeline::Pipeline', shape: 'datapipeline pipeline/any', roles: ['ParameterValues.*.StringValue', 'PipelineObjects.*.Fields.*.StringValue'] },
  { type: 'AWS::Bedrock::Agent', shape: 'bedrock agent/any', roles: ['AgentResourceRoleArn'] },
  { type: 'AWS::BedrockAgentCore::Runtime', shape: 'bedrock-agentcore runtime/any', roles: ['RoleArn'] },
  { type: 'AWS::BedrockAgentCore::Gateway', shape: 'bedrock-agentcore gateway/any', roles: ['RoleArn'] },
  { type: 'AWS::BedrockAgentCore::CodeInterpreterCustom', shape: 'bedrock-agentcore code-interpreter-custom/any', roles: ['ExecutionRoleArn'] },
  { type: 'AWS::BedrockAgentCore::BrowserCustom', shape: 'bedrock-agentcore browser-custom/any', roles: ['ExecutionRoleArn'] },
  { type: 'AWS::Synthetics::Canary', shape: 'synthetics canary:any', roles: ['ExecutionRoleArn'] },
  { type: 'AWS::MWAA::Environment', shape: 'airflow role/any/Admin', roles: ['ExecutionRoleArn'] },
  { type: 'AWS::CloudFormation::StackSet', shape: 'cloudformation stackset/any:any', roles: ['AdministrationRoleARN'] },
  { type: 'AWS::KinesisAnalyticsV2::Application', shape: 'kinesisanalytics application/any', roles: ['ServiceExecutionRole'] },
];

/** A way to run what one likes in something that has a role already. Nothing has to be passed unless `passes` says so. */
export interface HostingPivot {
  readonly type: string;
  readonly calls: readonly Call[];
  /** The service for which `iam:PassRole` on the role is asked as well. */
  readonly passes?: string;
  /** What is not known: what the host does with what it is given. */
  readonly assuming?: string;
}

const host = (type: string, ...calls: readonly (Call | string)[]): HostingPivot =>
  ({ type: `AWS::${type}`, calls: calls.map((each) => (typeof each === 'string' ? onTarget(each) : each)) });
const passing = (service: string, pivot: HostingPivot): HostingPivot => ({ ...pivot, passes: service });
const assuming = (what: string, pivot: HostingPivot): HostingPivot => ({ ...pivot, assuming: what });

const LAMBDA = 'Lambda::Function';
const INSTANCE = 'EC2::Instance';
/** Without a document a session is a shell; with it, only where the document is one. */
const SHELL = onTarget('ssm:StartSession', { 'ssm:SessionDocumentAccessCheck': 'false' });
const BY_DOCUMENT = onTarget('ssm:StartSession', { 'ssm:SessionDocumentAccessCheck': 'true' });
const document = (action: string, name: string, knowing: Record<string, string> = {}) =>
  call(action, name.startsWith('AWS-') ? `exactly aws document/${name}` : `exactly document/${name}`, knowing);
const anyDocument = (action: string, knowing: Record<string, string> = {}) => call(action, 'document/any', knowing);
const checked = { 'ssm:SessionDocumentAccessCheck': 'true' };

export const HOSTING: readonly HostingPivot[] = [
  host(LAMBDA, 'lambda:UpdateFunctionCode'),
  // A layer, a runtime wrapper or an environment variable such as NODE_OPTIONS runs before the handler.
  host(LAMBDA, 'lambda:UpdateFunctionConfiguration'),
  assuming('the function does what its caller says', host(LAMBDA, 'lambda:InvokeFunction')),
  assuming('the function does what its caller says', host(LAMBDA, 'lambda:InvokeFunctionUrl')),
  assuming('the function does what its caller says', host(LAMBDA, 'lambda:AddPermission')),
  assuming('the function does what the events of the new source say', host(LAMBDA, call('lambda:CreateEventSourceMapping', 'nothing', { 'lambda:FunctionArn': '{target}' }))),
  assuming('the function uses a layer of that name', host(LAMBDA, call('lambda:PublishLayerVersion', 'layer:any'))),

  host('StepFunctions::StateMachine', 'states:UpdateStateMachine'),
  assuming('the state machine does what its input says', host('StepFunctions::StateMachine', 'states:StartExecution')),
  assuming('the state machine does what its input says', host('StepFunctions::StateMachine', 'states:StartSyncExecution')),

  host(INSTANCE, 'ssm:SendCommand', document('ssm:SendCommand', 'AWS-RunShellScript')),
  host(INSTANCE, 'ssm:SendCommand', document('ssm:SendCommand', 'AWS-RunPowerShellScript')),
  host(INSTANCE, 'ssm:SendCommand', document('ssm:SendCommand', 'AWS-RunRemoteScript')),
  host(INSTANCE, 'ssm:SendCommand', document('ssm:SendCommand', 'AWS-RunDocument')),
  host(INSTANCE, 'ssm:SendCommand', document('ssm:SendCommand', 'AWS-ApplyAnsiblePlaybooks')),
  host(INSTANCE, 'ssm:SendCommand', anyDocument('ssm:SendCommand'), anyDocument('ssm:CreateDocument')),
  assuming('the document runs what its caller says', host(INSTANCE, 'ssm:SendCommand', anyDocument('ssm:SendCommand'))),
  host(INSTANCE, SHELL),
  host(INSTANCE, BY_DOCUMENT, document('ssm:StartSession', 'SSM-SessionManagerRunShell', checked)),
  host(INSTANCE, BY_DOCUMENT, document('ssm:StartSession', 'AWS-StartInteractiveCommand', checked)),
  host(INSTANCE, BY_DOCUMENT, document('ssm:StartSession', 'AWS-StartNonInteractiveCommand', checked)),
  host(INSTANCE, BY_DOCUMENT, document('ssm:StartSession', 'AWS-StartSSHSession', checked)),
  assuming('the document opens more than a port', host(INSTANCE, BY_DOCUMENT, anyDocument('ssm:StartSession', checked))),
  host(INSTANCE, 'ssm:CreateAssociation', document('ssm:CreateAssociation', 'AWS-RunShellScript')),
  host(INSTANCE, 'ec2-instance-connect:SendSSHPublicKey'),
  host(INSTANCE, 'ec2-instance-connect:SendSerialConsoleSSHPublicKey'),
  // User data runs at the next start.
  host(INSTANCE, 'ec2:ModifyInstanceAttribute'),
  host(INSTANCE, 'ec2:CreateReplaceRootVolumeTask'),
  passing('ec2.amazonaws.com', host('EC2::LaunchTemplate', 'ec2:CreateLaunchTemplateVersion', call('ec2:RunInstances', 'instance/any'))),
  passing('ec2.amazonaws.com', host('AutoScaling::LaunchConfiguration', call('autoscaling:CreateAutoScalingGroup', 'autoScalingGroup:any:autoScalingGroupName/any'))),

  host('ECS::TaskDefinition', call('ecs:ExecuteCommand', 'task/any/any')),
  passing('ecs-tasks.amazonaws.com', host('ECS::TaskDefinition', 'ecs:RunTask')),
  passing('ecs-tasks.amazonaws.com', host('ECS::TaskDefinition', 'ecs:StartTask')),
  passing('ecs-tasks.amazonaws.com', host('Batch::JobDefinition', 'batch:SubmitJob')),

  // The build specification, the environment and the image can be overridden in the call.
  host('CodeBuild::Project', 'codebuild:StartBuild'),
  host('CodeBuild::Project', 'codebuild:StartBuildBatch'),
  host('CodeBuild::Project', 'codebuild:UpdateProject'),
  host('CodePipeline::Pipeline', 'codepipeline:UpdatePipeline'),
  assuming('what the pipeline runs is under the control of who starts it', host('CodePipeline::Pipeline', 'codepipeline:StartPipelineExecution')),

  host('Glue::Job', 'glue:UpdateJob'),
  // A run may name another script.
  host('Glue::Job', 'glue:StartJobRun'),
  host('Glue::DevEndpoint', 'glue:UpdateDevEndpoint'),
  host('SageMaker::NotebookInstance', 'sagemaker:CreatePresignedNotebookInstanceUrl'),
  host('SageMaker::NotebookInstance', call('sagemaker:CreateNotebookInstanceLifecycleConfig', 'notebook-instance-lifecycle-config/any'), 'sagemaker:UpdateNotebookInstance'),
  host('SageMaker::UserProfile', 'sagemaker:CreatePresignedDomainUrl'),
  host('DataPipeline::Pipeline', 'datapipeline:PutPipelineDefinition'),
  host('EMR::Cluster', 'elasticmapreduce:AddJobFlowSteps'),
  host('MWAA::Environment', call('airflow:CreateWebLoginToken', 'role/any/Admin')),
  host('KinesisAnalyticsV2::Application', 'kinesisanalytics:UpdateApplication'),
  host('Synthetics::Canary', 'synthetics:UpdateCanary'),

  assuming('the document does what its parameters say', host('SSM::Document', 'ssm:StartAutomationExecution')),
  host('SSM::Document', 'ssm:UpdateDocument'),
  host('Scheduler::Schedule', 'scheduler:UpdateSchedule'),
  host('Pipes::Pipe', 'pipes:UpdatePipe'),
  assuming('the rule\'s targets do what its events say', host('Events::Rule', 'events:PutTargets')),
  host('CloudFormation::StackSet', 'cloudformation:UpdateStackSet'),

  host('AppRunner::Service', 'apprunner:UpdateService'),
  host('Bedrock::Agent', 'bedrock:UpdateAgent'),
  host('Bedrock::Agent', 'bedrock:CreateAgentActionGroup'),
  host('Bedrock::Agent', 'bedrock:UpdateAgentActionGroup'),
  host('BedrockAgentCore::Runtime', 'bedrock-agentcore:InvokeAgentRuntimeCommand'),
  assuming('the runtime does what its caller says', host('BedrockAgentCore::Runtime', 'bedrock-agentcore:InvokeAgentRuntime')),
  host('BedrockAgentCore::Runtime', 'bedrock-agentcore:UpdateAgentRuntime'),
  host('BedrockAgentCore::Gateway', 'bedrock-agentcore:UpdateGateway'),
  host('BedrockAgentCore::CodeInterpreterCustom', 'bedrock-agentcore:InvokeCodeInterpreter'),
  host('BedrockAgentCore::BrowserCustom', 'bedrock-agentcore:StartBrowserSession'),
];
