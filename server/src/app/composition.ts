import type { FeatureJob } from '../background/feature-job.js'
import type { Config } from '../config/config.js'
import type { Database, EntityClasses } from '../database/database.js'
import type { NodeSource } from '../nodes/node-source.js'
import type { SealedData } from '../secrets/sealed-data.js'

/** What all modules receive before any feature exists. */
export interface Foundation {
  readonly config: Config
  readonly database: Database
}

/** The parts of one feature. */
export interface Feature<Services extends object = object> {
  /** Services by name, for the modules after this one. */
  readonly services?: Services
  /** Resolvers of the schema. */
  readonly resolvers?: readonly object[]
  /** The types whose objects `node` finds by their ids. */
  readonly nodes?: readonly NodeSource[]
  /** Background jobs. */
  readonly jobs?: readonly FeatureJob[]
  /** Each one deletes rows that are no longer needed; all run once an hour. */
  readonly sweeps?: readonly (() => Promise<unknown>)[]
}

/** A feature as described in its `<feature>.module.ts`. */
interface FeatureModule<Needs, Services extends object> {
  /** Its tables. */
  readonly entities?: EntityClasses
  /** Its encrypted data, which depends on the secrets key. */
  readonly sealed?: readonly SealedData[]
  /** Creates its parts with plain constructors. */
  create(needs: Needs): Feature<Services>
}

/** The parts of all features. */
export interface Parts<Services> {
  readonly services: Services
  readonly resolvers: readonly object[]
  readonly nodes: readonly NodeSource[]
  readonly jobs: readonly FeatureJob[]
  readonly sweeps: readonly (() => Promise<unknown>)[]
}

/**
 * The features in order of dependence. A module receives the services of the modules before it. A
 * module that comes too early does not compile.
 */
export class Composition<Made extends object> {
  private constructor(private readonly modules: readonly FeatureModule<never, object>[]) {}

  /** A composition without features. */
  static readonly empty = new Composition<Foundation>([])

  /** Adds a feature. */
  add<Services extends object = object>(
    module: FeatureModule<Made, Services>,
  ): Composition<Made & Services> {
    return new Composition([...this.modules, module])
  }

  /** The tables of all features. */
  get entities(): EntityClasses {
    return this.modules.flatMap(({ entities = [] }) => entities)
  }

  /** The encrypted data of all features, which depends on the secrets key. */
  get sealed(): readonly SealedData[] {
    return this.modules.flatMap(({ sealed = [] }) => sealed)
  }

  /** Creates all features. Nothing runs until their jobs are started. */
  create(foundation: Foundation): Parts<Made> {
    const made: Record<string, unknown> = { ...foundation }
    const features = this.modules.map(module => {
      const feature = module.create(made as never)
      Object.assign(made, feature.services)
      return feature
    })
    return {
      services: made as Made,
      resolvers: features.flatMap(({ resolvers = [] }) => resolvers),
      nodes: features.flatMap(({ nodes = [] }) => nodes),
      jobs: features.flatMap(({ jobs = [] }) => jobs),
      sweeps: features.flatMap(({ sweeps = [] }) => sweeps),
    }
  }
}
