import type { Role, UserStatus } from '@rekey/shared/access'
import { ArgsType, Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { MaxLength } from '../graphql/max-length.js'
import { PageArgs } from '../graphql/page-arguments.type.js'
import { PageInfo, pageInfoOf } from '../graphql/page-info.type.js'
import { RoleEnum, User, UserStatusEnum, userOf } from '../users/user.type.js'
import type { UserPage } from './user-search.service.js'

/** What users can be ordered by. */
export enum UserOrderFieldEnum {
  LOGIN = 'LOGIN',
  NAME = 'NAME',
  PHONE = 'PHONE',
  ROLE = 'ROLE',
  STATUS = 'STATUS',
  LAST_SIGN_IN = 'LAST_SIGN_IN',
}

registerEnumType(UserOrderFieldEnum, {
  name: 'UserOrderField',
  description: 'What a list of users can be ordered by.',
  valuesConfig: {
    LOGIN: { description: 'The login, without regard to case, its domain in ASCII.' },
    NAME: {
      description:
        'The full name, without regard to case and accents: Łukasz comes before Zbigniew.',
    },
    PHONE: { description: 'The phone number as text; those without one come first.' },
    ROLE: { description: 'The role by its name, then the status and the full name.' },
    STATUS: { description: 'The status by its name, then the role and the full name.' },
    LAST_SIGN_IN: { description: 'The last sign-in; those who never signed in count as earliest.' },
  },
})

/** Which way a list runs. */
export enum OrderDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}

registerEnumType(OrderDirection, {
  name: 'OrderDirection',
  description: 'Which way an ordered list runs.',
  valuesConfig: {
    ASC: { description: 'From the least up: A to Z, earliest first.' },
    DESC: { description: 'From the greatest down: Z to A, latest first.' },
  },
})

/** What to order users by. */
@InputType({ description: 'What a list of users is ordered by.' })
export class UserOrder {
  @Field(() => UserOrderFieldEnum, { description: 'What to order by.' })
  field!: UserOrderFieldEnum

  @Field(() => OrderDirection, { description: 'Which way.' })
  direction!: OrderDirection
}

/** What to narrow a list of users to. */
@InputType({ description: 'Narrows a list of users; what is left out does not narrow it.' })
export class UserFilter {
  @Field(() => [RoleEnum], {
    nullable: true,
    description: 'Any of these roles; an empty list does not narrow.',
  })
  roles?: Role[] | null

  @Field(() => [UserStatusEnum], {
    nullable: true,
    description: 'Any of these statuses; an empty list does not narrow.',
  })
  statuses?: UserStatus[] | null
}

/** Arguments of a list of users. */
@ArgsType()
export class UsersArgs extends PageArgs {
  @MaxLength(200)
  @Field(() => String, {
    nullable: true,
    description:
      'Words that must all occur in the login, the name or the phone number, anywhere, without regard to case and accents; at most 200 characters. Plain letters find others: pawel finds Paweł, grossmann finds Großmann. The domain of a login is found in Unicode and in ASCII. A search that looks like a phone number also finds it in another spelling, such as 0601 234 567 for +48 601 234 567.',
  })
  search?: string | null

  @Field(() => UserFilter, { nullable: true, description: 'Narrows the list.' })
  filter?: UserFilter | null

  @Field(() => UserOrder, {
    nullable: true,
    description:
      'The order; by name from A to Z unless given. A cursor is good for its own order only.',
  })
  orderBy?: UserOrder | null
}

/** A user with their place in a list. */
@ObjectType({ description: 'A user with their place in a list.' })
export class UserEdge {
  @Field(() => String, { description: 'The place of this user, to page on from.' })
  cursor!: string

  @Field(() => User, { description: 'The user.' })
  node!: User
}

/** One page of users. */
@ObjectType({
  description: 'One page of a list of users (Relay Cursor Connections Specification).',
})
export class UserConnection {
  @Field(() => PageInfo, { description: 'What lies before and after this page.' })
  pageInfo: PageInfo

  constructor(private readonly page: UserPage) {
    this.pageInfo = pageInfoOf(page)
  }

  @Field(() => [UserEdge], { description: 'The users with their places.' })
  edges(): UserEdge[] {
    return this.page.rows.map(user => ({ cursor: this.page.cursorOf(user), node: userOf(user) }))
  }

  @Field(() => [User], { description: 'The users alone, for those who need no cursors.' })
  nodes(): User[] {
    return this.page.rows.map(userOf)
  }

  @Field(() => Int, {
    description:
      'How many users the search and the filter leave, on all pages together. A search is counted up to 10,000: see totalCountExact.',
  })
  async totalCount(): Promise<number> {
    return (await this.page.countAll()).count
  }

  @Field(() => Boolean, {
    description: 'False when the search leaves more users than totalCount tells.',
  })
  async totalCountExact(): Promise<boolean> {
    return (await this.page.countAll()).exact
  }
}
