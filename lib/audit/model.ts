import type { Declaration } from '../core/guarantees';

/**
 * What a cloud assembly says, after everything that a template can tell has been worked out. All rules read this and nothing
 * else, so a live account is audited by the same rules: it only has to be written as an `Assembly`.
 */
export interface Assembly {
  readonly stacks: readonly StackFacts[];
  readonly resources: readonly Resource[];
  /** What the kit's constructs stated about themselves; empty for a foreign template. */
  readonly declarations: readonly StackDeclaration[];
  readonly acknowledgements: readonly Acknowledgement[];
  /** What could not be known while reading. */
  readonly assumptions: readonly Assumption[];
}

export interface StackFacts {
  /** Unique in the assembly: the artifact id, followed by the logical ids of nested stacks, joined with `/`. */
  readonly id: string;
  /** The template's file as it was named to the reader. */
  readonly file: string;
  /** 12 digits, or a symbol (see `text.ts`) where the template does not say. */
  readonly account: Text;
  readonly region: Text;
  readonly partition: Text;
}

/**
 * A string of which parts may only be known when it is deployed. Such a part is a symbol: a name between U+E000 and U+E001,
 * starting with its kind: `g:` generated for one attribute of one resource of the assembly, equal to nothing else;
 * `p:` a pseudo parameter, the same everywhere in its stack's account and Region; `u:` unknown, it may be any string.
 * See `text.ts`, the only file that makes or compares them.
 */
export type Text = string;

/** A property value. Strings are `Text`; what could not be resolved at all is a `u:` symbol, which may stand for any value. */
export type Value = null | boolean | number | Text | readonly Value[] | { readonly [key: string]: Value };

export interface Resource {
  /** Unique in the assembly: `<stack id>.<logical id>`. Used in symbols, edges and findings. */
  readonly id: string;
  readonly stack: string;
  readonly logicalId: string;
  /** E.g. `AWS::IAM::Role`. */
  readonly type: string;
  /** The construct path (`aws:cdk:path`), or the logical id where the template has none. */
  readonly path: string;
  readonly properties: { readonly [key: string]: Value };
  readonly deletionPolicy: Text | undefined;
  readonly updateReplacePolicy: Text | undefined;
  /** Where it is written, for reports that point at lines. */
  readonly source: Source | undefined;
}

export interface Source {
  readonly file: string;
  /** The first line is 1. */
  readonly line: number;
}

export interface StackDeclaration extends Declaration {
  /** The stack in whose template it is; its logical ids are of that stack. */
  readonly stack: string;
}

/** Something that the template does not tell. A claim that depends on it is `unknown`, never `pass`. */
export interface Assumption {
  /** What is assumed, or would have to be known, in one sentence. */
  readonly what: string;
  /** Resource id, or stack id. */
  readonly subject: string;
  /** Construct path or file. */
  readonly path: string;
  /**
   * What it may affect: a rule that reads one of these must answer `unknown` where its verdict could depend on it.
   * `note` affects no verdict (e.g. a custom resource of the kit whose effect is known).
   */
  readonly affects: 'identity' | 'network' | 'data' | 'everything' | 'note';
}

/** A finding that people accept, with the reason, until a day. */
export interface Acknowledgement {
  readonly rule: string;
  readonly reason: string;
  /** The last day on which it counts, `2027-03-31`. */
  readonly expires: string;
  /** The construct path under which it counts; the empty path is the whole assembly. */
  readonly path: string;
}

export type Verdict = 'pass' | 'fail' | 'unknown';

/** One broken or undecided claim. */
export interface Finding {
  readonly rule: string;
  readonly verdict: 'fail' | 'unknown';
  /** Logical id and construct path of what is to be changed. */
  readonly subject: { readonly id: string; readonly path: string };
  /** One sentence that names what is wrong, e.g. `CodingAgentRole may rds:DeleteDBInstance on Production`. */
  readonly because: string;
  /** What to write instead. */
  readonly fix: string;
  /** The shortest chain of permissions or network edges that breaks the claim, one step an entry. */
  readonly steps: readonly Step[];
}

/** One edge of a counter-example. */
export interface Step {
  /** Resource id or ARN. */
  readonly from: string;
  readonly to: string;
  /** E.g. `may sts:AssumeRole` or `security group lets in tcp 5432 from`. */
  readonly by: string;
  /** Where the edge comes from: resource id of the policy, the security group, the route. */
  readonly source: string;
  /** What is not known about it. */
  readonly assuming?: string;
}

export interface RuleVerdict {
  readonly id: string;
  readonly claim: string;
  readonly verdict: Verdict;
}

export interface Report {
  readonly verdict: Verdict;
  /** Who was taken for whom, so that a reader sees it if a template says that of itself, and lies. */
  readonly about: About;
  readonly rules: readonly RuleVerdict[];
  readonly findings: readonly Finding[];
  readonly assumptions: readonly Assumption[];
  /** Findings that people accepted, each with its acknowledgement. */
  readonly accepted: readonly { readonly finding: Finding; readonly acknowledgement: Acknowledgement }[];
  /** Guarantees that nothing in the assembly claims to give: not a finding, and not a promise either. */
  readonly notClaimed: readonly string[];
}

/** Construct paths of what is in the assembly; ARNs or names of what is not. */
export interface About {
  readonly agents: readonly string[];
  readonly production: readonly string[];
  readonly approvers: readonly string[];
}

/** Who is who: which principals are agents, which database is production. From the kit's declarations, or from flags. */
export interface Subjects {
  /** Resource ids of the roles or users that agents take on. */
  readonly agents: readonly string[];
  /** Resource ids of production databases in the assembly, or ARN or instance identifiers of ones outside it. */
  readonly production: readonly string[];
  /** Resource ids or ARNs of those who approve changes. */
  readonly approvers: readonly string[];
  /** What is known of each entry of `production`, in the same order. */
  readonly described: readonly DescribedProduction[];
  /** Which database users agents are declared to log in as. */
  readonly logins: readonly AgentLogin[];
}

/** A production database: from the kit's declarations, or from the resource that a flag names. */
export interface DescribedProduction {
  /** As in `Subjects.production`. */
  readonly id: string;
  /** For messages. */
  readonly name: string;
  readonly arn?: Text;
  /** `db-…`, or the symbol of it. */
  readonly resourceId?: Text;
  readonly identifier?: Text;
  readonly endpoint?: Text;
  readonly port?: number;
  /** Ids of its network and its security group. */
  readonly vpc?: Text;
  readonly securityGroup?: Text;
  /** ARNs. */
  readonly masterSecret?: Text;
  readonly encryptionKey?: Text;
}

export interface AgentLogin {
  /** As in `Subjects.agents`. */
  readonly agent: string;
  /** The name that the kit knows it by. */
  readonly name: string;
  readonly resourceId?: Text;
  readonly user: string;
}

export interface Rule {
  readonly id: string;
  readonly claim: string;
  /** Whether anything in the assembly makes this claim; a rule that does not apply is listed under `notClaimed`. */
  applies(model: AuditModel): boolean;
  check(model: AuditModel): readonly Finding[];
}

/** What rules are given: the assembly and what was derived from it once. Parts are made lazily by `audit.ts`. */
export interface AuditModel {
  readonly assembly: Assembly;
  readonly subjects: Subjects;
  /** An assembly that was deployed before, for rules about updates. */
  readonly deployed: Assembly | undefined;
  /** Service control policies of the accounts, as documents. */
  readonly serviceControl: readonly unknown[];
  /** ISO day, for what expires. */
  readonly today: string;
}
