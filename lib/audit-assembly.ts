import { readAssembly, type ReadOptions } from './assembly/read-assembly';
import { audit, type AuditOutcome } from './audit/audit';
import type { NamedSubjects } from './audit/subjects';

/** Everything that a template does not say itself. All of it may be left out for an assembly that the kit's constructs made. */
export interface AuditAssemblyOptions extends ReadOptions, NamedSubjects {
  /** What is deployed now, as a cloud assembly or a template: updates must not replace or delete what keeps data. */
  readonly against?: string;
  /** Service control policies that apply to the accounts, as documents. */
  readonly serviceControl?: readonly unknown[];
  /**
   * The day on which exceptions are judged, `2026-11-20`.
   * @default - today, in UTC
   */
  readonly today?: string;
}

/**
 * Proves or refutes the guarantees for a cloud assembly (the folder that `cdk synth` writes) or one template, as `dbguard audit` does, for
 * tests and tools:
 *
 *     const outcome = auditAssembly(app.synth().directory);
 *     expect(outcome).toMatchObject({ do: 'report', report: { verdict: 'pass' } });
 *
 * What could not be judged is `{ do: 'refuse', problems }`: a file that cannot be read, nobody named as agent. Throws nothing.
 */
export function auditAssembly(path: string, options: AuditAssemblyOptions = {}): AuditOutcome {
  const { agents, production, approvers, against, serviceControl, today = new Date().toISOString().slice(0, 10), ...reading } = options;
  const read = readAssembly(path, reading);
  const deployed = against === undefined ? undefined : readAssembly(against, reading);
  const problems = [read, deployed].flatMap((each) => each?.do === 'refuse' ? each.problems : []);
  if (read.do === 'refuse' || deployed?.do === 'refuse') return { do: 'refuse', problems };
  const [before, another] = deployed?.worlds ?? [];
  if (another) {
    // Only one of them is deployed, and which one decides what an update does.
    return { do: 'refuse', problems: [`${against} depends on conditions (${another.when.join(', ')}): say what is deployed, with parameters, account and region`] };
  }
  return audit(read.worlds, {
    subjects: { agents, production, approvers, asked: { agents: 'agents', production: 'production' } },
    today, ...(before ? { deployed: before.assembly } : {}), ...(serviceControl ? { serviceControl } : {}),
  });
}
