/** What is known of an RDS instance class by its name. */
export interface InstanceSize {
  readonly vcpus: number;
  /** GiB, as AWS advertises it. */
  readonly memory: number;
}

/** GiB of memory for each vCPU; the generation matters where AWS changed it. The longest match counts. */
const MEMORY_PER_VCPU: Readonly<Record<string, number>> = {
  m: 4, m3: 3.75, r: 8, r3: 7.625, r4: 7.625, c: 2, z: 8, x1: 15.25, x1e: 30.5, x2g: 16, x2idn: 16, x2iedn: 32, x2iezn: 32,
};

/** Classes that burst have sizes of their own. */
const BURSTING: Readonly<Record<string, InstanceSize>> = {
  'micro': { vcpus: 2, memory: 1 }, 'small': { vcpus: 2, memory: 2 }, 'medium': { vcpus: 2, memory: 4 }, 'large': { vcpus: 2, memory: 8 },
  'xlarge': { vcpus: 4, memory: 16 }, '2xlarge': { vcpus: 8, memory: 32 },
};

/** The size of a class such as `db.r7g.2xlarge`; `undefined` for a name that does not tell. */
export function sizeOf(instanceClass: string): InstanceSize | undefined {
  const [, letters, generation, kind, size] = /^db\.([a-z])(\d+)([a-z]*)\.([a-z0-9]+)$/.exec(instanceClass) ?? [];
  if (letters === undefined || generation === undefined || kind === undefined || size === undefined) return undefined;
  if (letters === 't') return generation === '1' ? undefined : own(BURSTING, size);
  const perVcpu = [`${letters}${generation}${kind}`, `${letters}${generation}`, letters].map((name) => own(MEMORY_PER_VCPU, name)).find(Boolean);
  const vcpus = vcpusOf(size);
  return perVcpu === undefined || vcpus === undefined ? undefined : { vcpus, memory: vcpus * perVcpu };
}

function vcpusOf(size: string): number | undefined {
  const [, times] = /^(\d{0,2})xlarge$/.exec(size) ?? [];
  if (times !== undefined) return 4 * (times === '' ? 1 : Number(times));
  return own({ medium: 1, large: 2 }, size);
}

function own<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** From here on RDS gives every class the same `max_connections`: LEAST(DBInstanceClassMemory/9531392, 5000). */
const MEMORY_OF_MOST_CONNECTIONS = 60;
/** Above, `max_worker_processes` is taken to follow the vCPUs. AWS does not document it; where it does not, stating it costs one query. */
const VCPUS_OF_LEAST_WORKERS = 4;

/**
 * Settings that RDS derives from the class and that could be lower on a replica of one class than on a primary of the other:
 * a standby with less does not start. Both where a class does not tell its size. What production has set by hand is unknown
 * here; so is whether it set these.
 * @see https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-ADMIN
 * @see https://docs.aws.amazon.com/prescriptive-guidance/latest/tuning-postgresql-parameters/max-connections.html
 */
export function lowerOnReplica(replica: string, production: string): readonly ('maxConnections' | 'maxWorkerProcesses')[] {
  if (replica === production) return [];
  const [own, source] = [sizeOf(replica), sizeOf(production)];
  if (own === undefined || source === undefined) return ['maxConnections', 'maxWorkerProcesses'];
  return [
    ...(own.memory < source.memory && own.memory < MEMORY_OF_MOST_CONNECTIONS ? ['maxConnections' as const] : []),
    ...(own.vcpus < source.vcpus && source.vcpus > VCPUS_OF_LEAST_WORKERS ? ['maxWorkerProcesses' as const] : []),
  ];
}
