import { App, Stack } from 'aws-cdk-lib';
import { AgentTrust } from '../../lib/constructs/agent-trust';
import { ApproverTrust } from '../../lib/constructs/approver-trust';
import { existing, mistakesAfter, type Written } from './fixture';

/** What an environment accepts, the constructs must accept too: otherwise a mistake is found too late, and told alone. */
const trusted = (make: () => AgentTrust | ApproverTrust): boolean => {
  try {
    make().bind(new Stack(new App(), 'Stack'));
    return true;
  } catch {
    return false;
  }
};

const accepts = (edit: (environment: Written) => void): boolean => mistakesAfter(edit, () => ({ ...existing(), network: { accessHost: true } })).length === 0;

describe('environments and constructs agree on who is who', () => {
  test.each([
    'acme/shop', 'acme/.github', 'Acme-1/shop_2.x', 'acme@123456/shop@456789',
    '', 'acme', 'acme/', '/shop', 'acme/*', 'acme/sh?p', '*/*', 'acme/shop/x', 'acme/shop:ref', 'acme@x/shop@y', 'acme/shop\n',
  ])('the repository %j', (repository) => {
    expect(accepts((e) => (e.agents[0].trust = { github: { repository } }))).toBe(trusted(() => AgentTrust.githubActions(repository)));
  });

  test.each(['main', 'release/1.x', 'fix-#12', 'a+b', '', '*', 'feature/*', 'refs/heads/main', '/main', 'main/', 'a..b', 'main.', 'a b', 'main\n'])(
    'the branch %j',
    (branch) => {
      expect(accepts((e) => (e.agents[0].trust = { github: { repository: 'a/b', branch } }))).toBe(trusted(() => AgentTrust.githubActions('a/b', { branch })));
    },
  );

  test.each(['agents', 'Production Read', 'a.b-c_d', '', '*', 'a:b', 'a/b', ' agents', 'agents\n'])('the GitHub environment %j', (environment) => {
    expect(accepts((e) => (e.agents[0].trust = { github: { repository: 'a/b', environment } }))).toBe(
      trusted(() => AgentTrust.githubActions('a/b', { environment })),
    );
  });

  test.each([
    'arn:aws:iam::111122223333:role/Bot', 'arn:aws:iam::111122223333:user/x/Bot',
    '', '*', 'arn:aws:iam::111122223333:root', 'arn:aws:iam::111122223333:role/*', 'arn:aws:sts::111122223333:assumed-role/Bot/s', 'arn:aws:iam::111122223333:group/x',
  ])('the principal of an agent %j', (arn) => {
    expect(accepts((e) => (e.agents[0].trust = { principal: { arn } }))).toBe(trusted(() => AgentTrust.principal(arn)));
  });

  test.each([['jane'], ['jane@example.com', 'joe'], [], ['*'], ['j'], ['a b'], ['jane', '']])('the source identities %j, %j', (...sourceIdentities) => {
    const arn = 'arn:aws:iam::111122223333:role/Bot';
    expect(accepts((e) => (e.agents[0].trust = { principal: { arn, sourceIdentities } }))).toBe(trusted(() => AgentTrust.principal(arn, { sourceIdentities })));
  });

  test.each(['arn:aws:ecr:eu-central-1:111122223333:repository/team/agent', '', '*', 'arn:aws:ecr:eu-central-1:111122223333:repository/*'])('the image %j', (imageRepositoryArn) => {
    expect(accepts((e) => (e.agents[0].trust = { agentCore: { imageRepositoryArn } }))).toBe(trusted(() => AgentTrust.agentCore({ imageRepositoryArn })));
  });

  test.each([
    'arn:aws:iam::111122223333:role/Dba', 'arn:aws:sts::111122223333:assumed-role/Dba/jane', 'arn:aws:iam::111122223333:user/jane',
    '', '*', 'arn:aws:iam::111122223333:root', 'arn:aws:iam::111122223333:role/Db*',
  ])('the approver %j', (arn) => {
    expect(accepts((e) => (e.approvers = [arn]))).toBe(trusted(() => ApproverTrust.principalArn(arn)));
  });
});
