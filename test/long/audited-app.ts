/** The app of cdk-synth.test.ts: an environment of cdk.json, damaged or not as the environment says, as people run it through the CDK CLI. */
import { App, CfnDeletionPolicy, CfnResource } from 'aws-cdk-lib';
import cdkJson from '../../cdk.json';
import { acknowledge } from '../../lib/constructs/acknowledge';
import { addEnvironments } from '../../lib/guardrails-app';

const app = new App({ postCliContext: { environments: cdkJson.context.environments, env: 'lattice-example' } });
const [stack] = addEnvironments(app, { deploymentId: 'test' }).stacks;
const vault = stack!.node.findAll().find((each): each is CfnResource => CfnResource.isCfnResource(each) && each.cfnResourceType === 'AWS::Backup::BackupVault')!;
if (process.env.DAMAGED === 'yes') vault.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
if (process.env.ACCEPTED === 'yes') acknowledge(vault, 'stateful-resources-are-retained', { reason: 'a vault for trials, without anything in it', expires: new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10) });
