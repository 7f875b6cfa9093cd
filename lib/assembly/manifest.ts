import { posix } from 'node:path';
import type { Files } from './files';
import { type Place, placeTemplate } from './place';
import type { Placed } from './placed';
import { type Problems, seen } from './problems';
import { isFields, type Fields, type Raw } from './template';

/** What holds for every stack of which the assembly does not say otherwise. */
export interface Given {
  readonly parameters: ReadonlyMap<string, string>;
  readonly account: string | undefined;
  readonly region: string | undefined;
}

/** All stacks of a cloud assembly, those of its stages included. `folder` is relative to the folder of `files`. */
export function placeAssembly(files: Files, given: Given, problems: Problems, folder = '.', around: readonly string[] = []): readonly Placed[] {
  const path = posix.join(folder, 'manifest.json');
  const parsed = files.parse(path);
  if (parsed.do === 'refuse') {
    parsed.problems.forEach((problem) => problems.add(problem));
    return [];
  }
  const artifacts = isFields(parsed.value) ? parsed.value.artifacts ?? {} : undefined;
  if (!isFields(artifacts)) {
    problems.add(`${files.named(path)}: artifacts is ${seen(artifacts)}; write the folder that cdk synth made`);
    return [];
  }
  const assets = new Map(Object.values(artifacts).flatMap(assetsOf));
  return Object.entries(artifacts).flatMap(([id, artifact]) => {
    if (!isFields(artifact)) {
      problems.add(`${files.named(path)}: artifacts.${id} is ${seen(artifact)}; write the folder that cdk synth made`);
      return [];
    }
    const properties = isFields(artifact.properties) ? artifact.properties : {};
    if (artifact.type === 'aws:cloudformation:stack') return stack(id, artifact, properties);
    if (artifact.type === 'cdk:cloud-assembly') return stage(id, properties.directoryName);
    return [];
  });

  function stage(id: string, directory: unknown): readonly Placed[] {
    const inner = typeof directory === 'string' ? posix.join(folder, directory) : undefined;
    if (inner === undefined || inner === folder || around.includes(inner)) {
      problems.add(`${files.named(path)}: artifacts.${id}.properties.directoryName is ${seen(directory)}; write the folder of a stage`);
      return [];
    }
    return placeAssembly(files, given, problems, inner, [...around, folder]);
  }

  function stack(id: string, artifact: Fields, properties: Fields): readonly Placed[] {
    const file = properties.templateFile;
    if (typeof file !== 'string') {
      problems.add(`${files.named(path)}: artifacts.${id}.properties.templateFile is ${seen(file)}; write the name of a template`);
      return [];
    }
    const [, account, region] = /^aws:\/\/([^/]+)\/([^/]+)$/.exec(typeof artifact.environment === 'string' ? artifact.environment : '') ?? [];
    const written = isFields(properties.parameters) ? Object.entries(properties.parameters).filter((entry): entry is [string, string] => typeof entry[1] === 'string') : [];
    const place: Place = {
      id,
      account: account === undefined || account === 'unknown-account' ? given.account : account,
      region: region === undefined || region === 'unknown-region' ? given.region : region,
      stackName: typeof properties.stackName === 'string' ? properties.stackName : id,
      parameters: new Map([...written, ...given.parameters]),
    };
    const placed = placeTemplate(posix.join(folder, file), place, files, problems, { paths: pathsOf(artifact), assets });
    return placed ? [placed] : [];
  }

  /** Files by hash, of one asset manifest. */
  function assetsOf(artifact: Raw): (readonly [string, string])[] {
    if (!isFields(artifact) || artifact.type !== 'cdk:asset-manifest' || !isFields(artifact.properties) || typeof artifact.properties.file !== 'string') return [];
    const content = files.parse(posix.join(folder, artifact.properties.file));
    const entries = content.do === 'parsed' && isFields(content.value) && isFields(content.value.files) ? Object.entries(content.value.files) : [];
    return entries.flatMap(([hash, entry]) => {
      const path = isFields(entry) && isFields(entry.source) ? entry.source.path : undefined;
      return typeof path === 'string' ? [[hash, posix.join(folder, path)] as const] : [];
    });
  }

  /** Construct paths, which templates do not hold when an app is synthesized without the CDK's command line. */
  function pathsOf(artifact: Fields): ReadonlyMap<string, readonly string[]> {
    const elsewhere = typeof artifact.additionalMetadataFile === 'string' ? files.parse(posix.join(folder, artifact.additionalMetadataFile)) : undefined;
    const metadata = elsewhere?.do === 'parsed' ? elsewhere.value : artifact.metadata;
    const paths = new Map<string, string[]>();
    for (const [constructPath, entries] of Object.entries(isFields(metadata) ? metadata : {})) {
      for (const entry of Array.isArray(entries) ? (entries as readonly unknown[]) : []) {
        if (!isFields(entry) || entry.type !== 'aws:cdk:logicalId' || typeof entry.data !== 'string') continue;
        const known = paths.get(entry.data);
        if (known) known.push(constructPath.replace(/^\//, ''));
        else paths.set(entry.data, [constructPath.replace(/^\//, '')]);
      }
    }
    return paths;
  }
}
