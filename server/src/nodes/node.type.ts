import { Field, ID, InterfaceType } from 'type-graphql'

/** An object that `node` and `nodes` find by its id. */
@InterfaceType({
  description:
    'An object that `node` and `nodes` find by its id (Relay Global Object Identification Specification).',
})
export abstract class Node {
  @Field(() => ID, { description: 'An opaque, stable identifier, unique among all nodes.' })
  id!: string
}
