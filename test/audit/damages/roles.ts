import { damages } from './damage';
import type { Demo } from './demo';

const ROLES = 'GuardrailsDatabaseRoles';

interface Wanted { agents: { name: string; read?: object; staging?: object }[]; writer?: object }

/** Changes the roles that the custom resource is told of. */
const databases = (change: (agents: Wanted['agents'], wanted: Wanted) => void) =>
  (demo: Demo) => {
    const properties = demo.properties(ROLES);
    const parsed = JSON.parse(properties.Databases as string) as { wanted: Wanted }[];
    change(parsed[0]!.wanted.agents, parsed[0]!.wanted);
    properties.Databases = JSON.stringify(parsed);
  };

export const DATABASE_ROLES = damages('agent-role-cannot-write', [
  ['another function answers', /GuardrailsDatabaseRoles\w+ is answered by arn:aws:lambda:.*:function:other/, (demo) => demo.set(ROLES, { ServiceToken: 'arn:aws:lambda:eu-central-1:111122223333:function:other' })],
  ['another function sets them up', /set up by .*Check.* and not by GuardrailsDatabaseRolesProvisionerFunction/, (demo) => demo.set(ROLES, { Provisioner: demo.arn('GuardrailsCheckFunction') })],
  ['nothing sets them up', /set up by nothing and not by GuardrailsDatabaseRolesProvisionerFunction/, (demo) => demo.unset(ROLES, 'Provisioner')],
  ['they are set up on the staging clone', /set up on .*GuardrailsStagingCopy.*, which is not production/, (demo) => demo.set(ROLES, { Host: demo.get('GuardrailsStagingCopy', 'Endpoint.Address') })],
  ['they are set up elsewhere', /set up on 10\.0\.0\.9, which is not production/, (demo) => demo.set(ROLES, { Host: '10.0.0.9' })],
  ['they are set up on another port', /set up on port 5432, where production does not listen/, (demo) => demo.set(ROLES, { Port: '5432' })],
  ['the function logs in with another secret', /logs in with .*secret:other.*, which is not the master secret/, (demo) => demo.set(ROLES, { SecretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:other-AbCdEf' })],
  ['it runs once and never again', /no DeploymentId/, (demo) => demo.unset(ROLES, 'DeploymentId')],
  ['it runs once, by an empty DeploymentId', /no DeploymentId/, (demo) => demo.set(ROLES, { DeploymentId: '' })],
  ['it is a resource that does nothing', /GuardrailsDatabaseRoles\w+ is a AWS::CloudFormation::WaitConditionHandle/, (demo) => { demo.resource(ROLES).Type = 'AWS::CloudFormation::WaitConditionHandle'; }],
  ['its roles cannot be read', /whether .*GuardrailsDatabaseRoles\w+ describes the roles/, (demo) => demo.set(ROLES, { Databases: 'none' }), 'unknown'],
  ['its roles are a parameter', /whether .*GuardrailsDatabaseRoles\w+ describes the roles/, (demo) => {
    demo.template.Parameters!.Roles = { Type: 'String' };
    demo.set(ROLES, { Databases: { Ref: 'Roles' } });
  }, 'unknown'],
  ['an agent is left out', /agent coding logs in as agent_coding_ro, a role that GuardrailsDatabaseRoles\w+ does not set up/, databases((agents) => { agents.shift(); })],
  ['no agent is left', /agent analyst logs in as agent_analyst_ro, a role that/, databases((agents) => { agents.length = 0; })],
  ['an agent is given another name', /agent support logs in as agent_support_ro, a role that/, databases((agents) => { agents[1]!.name = 'helpdesk'; })],
  ['an agent is not for reading any more', /agent coding logs in as agent_coding_ro, a role that/, databases((agents) => { delete agents[0]!.read; })],
  ['an agent logs in as the role that carries out changes', /agent coding logs in as dbguard_gate_writer, which is a writer role/, (demo) => {
    databases((_, wanted) => { wanted.writer = {}; })(demo);
    demo.declared('agent-cannot-use-the-control-plane').agent.logins[0].user = 'dbguard_gate_writer';
  }],
  ['an agent logs in as the role that writes to the clone', /agent coding logs in as agent_coding_rw, which is a staging role/, (demo) => {
    databases((agents) => { agents[0]!.staging = {}; })(demo);
    demo.declared('agent-cannot-use-the-control-plane').agent.logins[0].user = 'agent_coding_rw';
  }],
  ['an agent logs in as the master user', /agent coding logs in as dbowner, a role that/, (demo) => { demo.declared('agent-cannot-use-the-control-plane').agent.logins[0].user = 'dbowner'; }],
  ['the roles are not in the template any more', /declares its roles GuardrailsDatabaseRoles\w+, and the template has none/, (demo) => demo.remove(ROLES)],
  ['the function is not in the template any more', /declares its function GuardrailsDatabaseRolesProvisionerFunction\w+, and the template has none/, (demo) => demo.remove('GuardrailsDatabaseRolesProvisionerFunction')],
  ['the function starts something else', /sets up the roles starts index\.other/, (demo) => demo.set('GuardrailsDatabaseRolesProvisionerFunction', { Handler: 'index.other' })],
  ['the function that is called starts something else', /sets up the roles starts index\.other/, (demo) => demo.set('GuardrailsDatabaseRolesFunction', { Handler: 'index.other' })],
]);
