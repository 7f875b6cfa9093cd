#!/usr/bin/env node
/**
 * The CDK app: one stack per environment of cdk.json. `-c env=NAME` chooses one; without it all are synthesized.
 * Nothing is synthesized while any environment has a mistake: all mistakes are printed, and the exit status is 2.
 */
import { App } from 'aws-cdk-lib';
import { addEnvironments } from '../lib/guardrails-app';

const app = new App();
const outcome = addEnvironments(app, { deploymentId: new Date().toISOString() });
process.stderr.write(outcome.report);
if (outcome.mistaken) process.exit(2);
