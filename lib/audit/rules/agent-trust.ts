import type { Principal } from '../identity';
import { unless } from '../look';
import type { Finding, Resource } from '../model';
import type { Statement } from '../policy-document';
import { readable } from '../text';

/** Who may take an agent's role on: one caller that can be told apart, never everybody of a kind. */
export function trustProblems(rule: string, agent: Principal, role: Resource): Finding[] {
  const wide = agent.trust.filter(({ effect }) => effect === 'Allow').flatMap(widths);
  return [...new Set(wide)].flatMap((because) => unless(false, {
    rule, subject: role, because: `${agent.name} can be taken on by ${because}`, fix: 'name one caller: AgentTrust has a method for each kind',
  }));
}

function widths(statement: Statement): readonly string[] {
  const { principals } = statement;
  if (principals === undefined || principals.except) return ['everybody but those it names'];
  return principals.list.flatMap(({ kind, value }): readonly string[] => {
    if (value === '*') return ['everybody'];
    if (kind === 'AWS') return /^\d{12}$|:root$/.test(value) ? [`every principal of ${readable(value)} that its account allows`] : [];
    if (kind === 'Federated') return value.includes('token.actions.githubusercontent.com') ? githubWidths(statement) : unconditioned(statement, `everybody whom ${readable(value)} vouches for`);
    // A service acts for all of its customers unless the account is named.
    if (kind === 'Service') return holds(statement, /^aws:source(account|arn|orgid)$/i) ? [] : [`${readable(value)} on behalf of any account`];
    return unconditioned(statement, `everybody of ${readable(value)}`);
  });
}

function githubWidths(statement: Statement): readonly string[] {
  const subjects = statement.conditions.filter(({ key, operator }) => /:sub$/.test(key) && /^(StringEquals|StringLike)$/.test(operator)).flatMap(({ values }) => values);
  const open = subjects.filter((subject) => /^\*|^repo:\*|^repo:[^/:]*\*|\*/.test(subject));
  return [
    ...(subjects.length === 0 ? ['every repository on GitHub'] : []),
    ...open.map((subject) => `more than one kind of run on GitHub: ${readable(subject)}`),
    ...(holds(statement, /:aud$/) ? [] : ['tokens that GitHub made for another audience']),
  ];
}

const unconditioned = (statement: Statement, who: string): readonly string[] => (statement.conditions.length === 0 ? [who] : []);

const holds = ({ conditions }: Statement, key: RegExp): boolean =>
  conditions.some((condition) => key.test(condition.key) && /^(String|Arn)(Equals|Like)$/.test(condition.operator) && !condition.values.includes('*'));
