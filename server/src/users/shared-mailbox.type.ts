import { Field, ObjectType } from 'type-graphql'
import type { UserEntity } from './user.entity.js'
import { User, userOf } from './user.type.js'

/** A mailbox that is the login of several users. */
@ObjectType({
  description:
    'A mailbox that is the login of several users, each in another spelling of its domain: in Unicode or in ASCII (Punycode). Each of them signs in with their own spelling. Earlier versions allowed it. To resolve it, change the login of all but one of them, or delete them.',
})
export class SharedMailbox {
  @Field(() => [User], {
    description:
      'The users who share the mailbox. The first one can sign in with any other spelling of the login.',
  })
  users: User[]

  constructor(users: readonly UserEntity[]) {
    this.users = users.map(userOf)
  }
}
