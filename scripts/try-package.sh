#!/usr/bin/env bash
# Installs the packed package in a clean folder, as a user would, and uses it: types, constructs, handlers, command.
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm pack --silent --pack-destination "$folder" >/dev/null
# Read before the new package.json exists: node looks into it, half written, on the way to any other.
version() { node -p "require('./package.json').devDependencies['$1']"; }
cdk=$(version aws-cdk-lib) constructs=$(version constructs) typescript=$(version typescript) types=$(version @types/node)
cd "$folder"
cat >package.json <<JSON
{ "name": "user", "private": true,
  "dependencies": { "cdk-agent-db-guardrails": "file:$(ls ./*.tgz)", "aws-cdk-lib": "$cdk", "constructs": "$constructs" },
  "devDependencies": { "typescript": "$typescript", "@types/node": "$types" } }
JSON
npm install --ignore-scripts --no-audit --no-fund --silent

cat >app.ts <<'TS'
import { App, Stack } from 'aws-cdk-lib';
import { AgentDatabaseGuardrails, AgentTrust, ApproverTrust, ProductionDatabase } from 'cdk-agent-db-guardrails';

const stack = new Stack(new App({ outdir: 'cdk.out' }), 'Shop');
const production = ProductionDatabase.fromInstance(stack, 'Production', {
  instanceIdentifier: 'orders',
  resourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXY2',
  endpoint: 'orders.abc123.eu-central-1.rds.amazonaws.com',
  engineVersion: '16.10',
  instanceClass: 'db.m7g.large',
  databases: ['orders'],
});
new AgentDatabaseGuardrails(stack, 'Guardrails', {
  production,
  agents: [{ name: 'coding', trust: AgentTrust.ecsTasks() }],
  approvers: [ApproverTrust.principalArn('arn:aws:iam::111122223333:role/dba')],
});
App.of(stack)!.synth();
TS
cat >tsconfig.json <<'JSON'
{ "compilerOptions": { "strict": true, "module": "node16", "moduleResolution": "node16", "target": "ES2022", "types": ["node"], "skipLibCheck": false, "outDir": "out" }, "files": ["app.ts", "environments.ts", "example.ts"] }
JSON
# What the README says for a stack per environment, and an example as it comes with the package.
cat >environments.ts <<'TS'
import { App } from 'aws-cdk-lib';
import { addEnvironments } from 'cdk-agent-db-guardrails';

const { report, mistaken } = addEnvironments(new App());
console.error(report);
if (mistaken) process.exit(2);
TS
cp node_modules/cdk-agent-db-guardrails/examples/existing-instance/app.ts example.ts
npx tsc
CDK_VALIDATION=false node out/app.js
grep -q AWS::RDS::DBInstance cdk.out/Shop.template.json
ls cdk.out/asset.*/index.js >/dev/null
CDK_VALIDATION=false CDK_OUTDIR=cdk.env CDK_CONTEXT_JSON=$(node -p 'JSON.stringify(require("./node_modules/cdk-agent-db-guardrails/cdk.json").context)') \
  node out/environments.js 2>/dev/null
ls cdk.env/Guardrails-prod-example.template.json >/dev/null
npx dbguard --help >/dev/null
npx dbguard --version >/dev/null
npx dbguard demo --json >/dev/null
npx dbguard demo --no-sandbox | grep -q node_modules/cdk-agent-db-guardrails/examples/existing-instance/app.ts
echo 'the package installs, type-checks, synthesizes and runs in a clean folder'
