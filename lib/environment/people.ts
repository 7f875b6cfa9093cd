import { AGENT_NAME } from '../core/policy';
import { isRoleOrUser, principalOf } from '../core/principal';
import { alsoWhenFlawed, fields, list, oneOf, text } from './fields';
import { read } from './roles';

const isOnePrincipal = (arn: string) => principalOf(arn) !== undefined;

/** Wildcards, account roots and groups are nobody in particular. */
const nobody = 'no wildcard, no account root, no group';

const github = fields({
  repository: text(
    'owner/name',
    'one repository as owner/name, or owner@id/name@id, without wildcards, such as acme/shop',
    (value) => /^[A-Za-z0-9-]{1,39}(?:\/[\w.-]{1,100}|@\d{1,20}\/[\w.-]{1,100}@\d{1,20})$/.test(value),
  ).describe(
    "The one repository whose workflows may take on the role. With GitHub's ids, `owner@123456/name@456789`, where its tokens " +
      'carry them: repositories created, renamed or transferred since 15 July 2026. ' +
      '`gh api repos/owner/name/actions/oidc/customization/sub` shows it.',
  ),
  branch: text(
    'branch name',
    'one branch, without wildcards and without refs/heads/, such as main',
    (value) => /^(?!refs\/|\/)[\w.#+=,/-]{0,254}[\w#+=,-]$/.test(value) && !value.includes('..'),
  )
    .optional()
    .describe('Only workflows on this branch. `main` where neither `branch` nor `environment` is given.'),
  environment: text('GitHub environment', 'one GitHub environment, without wildcards, such as agents', (value) =>
    /^\w[\w. -]{0,254}$/.test(value),
  )
    .optional()
    .describe(
      'Only jobs in this GitHub environment. Restrict its deployment branches or require reviewers: otherwise a workflow on any branch ' +
        'can name it. Prefer `branch`.',
    ),
}).refine((value) => value.branch === undefined || value.environment === undefined, {
  error: 'branch or environment, not both: a workflow token names only one of them',
  when: alsoWhenFlawed,
});

export const trust = oneOf({
  github: github.optional().describe("GitHub Actions by OIDC. The account needs GitHub's identity provider."),
  principal: fields({
    arn: text(
      'role or user ARN',
      (seen) =>
        isOnePrincipal(seen)
          ? `the ARN of the role ${principalOf(seen)!.name} itself, with its path, not of one session of it`
          : `the ARN of the one role or user that the agent runs as, such as arn:aws:iam::111122223333:role/Name: ${nobody}`,
      isRoleOrUser,
    ).describe('Who may take on the role of the agent.'),
    sourceIdentities: list(
      text('source identity', '2 to 64 letters, digits and the characters _ + = , . @ -', (value) =>
        /^[\w+=,.@-]{2,64}$/.test(value),
      ),
      '["jane"]',
      1,
    )
      .optional()
      .meta({ kind: 'list of source identities' })
      .describe('The source identities that a session must carry one of. Any, but not none, where they are left out.'),
  })
    .optional()
    .describe('A role or user that exists.'),
  ecs: fields({}).optional().describe('ECS tasks of this account and Region: `{}`.'),
  agentCore: fields({
    imageRepositoryArn: text(
      'ECR repository ARN',
      'the ARN of one ECR repository, such as arn:aws:ecr:eu-central-1:111122223333:repository/agent, without wildcards',
      (value) => /^arn:aws[a-z-]*:ecr:[a-z0-9-]+:\d{12}:repository\/[a-z0-9._/-]{2,256}$/.test(value),
    )
      .optional()
      .describe(
        "The repository of the agent's image, which a runtime pulls with the role of the agent. Tools of AgentCore need none.",
      ),
    runtimeName: text('runtime name', 'at most 48 letters, digits and underscores, the first a letter', (value) =>
      /^[a-zA-Z][a-zA-Z0-9_]{0,47}$/.test(value),
    )
      .optional()
      .describe(
        "The name of the agent's runtime, whose log groups it may then write and no other's. Left out: those of every runtime.",
      ),
  }).refine((value) => value.runtimeName === undefined || value.imageRepositoryArn !== undefined, {
    error: 'runtimeName only beside imageRepositoryArn: without an image there is no runtime and no log',
    when: alsoWhenFlawed,
  })
    .optional()
    .describe('Bedrock AgentCore of this account and Region.'),
}).describe('Who may take on the role of the agent: exactly one of `github`, `principal`, `ecs`, `agentCore`.');

const agent = fields({
  name: text('agent name', '2 to 30 lower-case letters, digits and single hyphens, beginning with a letter and not ending in a hyphen, such as coding', (value) =>
    AGENT_NAME.test(value),
  ).describe('Its name, which is part of the names of its IAM role and of its database roles.'),
  trust,
  read: read
    .optional()
    .describe('What this agent may read, database by database, instead of what `roles.read` says for all.'),
});

export const agents = list(agent, '[{ "name": "coding", "trust": { "ecs": {} } }]', 1).describe(
  'The agents. Each has a role of its own.',
);

export const approvers = list(
  text(
    'role, user or session ARN',
    `the ARN of a human's role, user or role session, such as arn:aws:iam::111122223333:role/Dba: ${nobody}`,
    isOnePrincipal,
  ),
  '["arn:aws:iam::111122223333:role/Dba"]',
  1,
)
  .meta({ kind: 'list of role, user or session ARNs' })
  .describe(
    'The people who will approve changes to production; this version only checks that none of them is an agent. A session, ' +
      '`arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`, is one person who signs in with IAM Identity Center.',
  );
