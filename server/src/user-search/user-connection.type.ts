import type { Role, UserStatus } from '@rekey/shared/access'
import { GraphQLDateTimeISO } from 'graphql-scalars'
import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { badInput } from '../graphql/api-error.js'
import { maxPageSize } from '../graphql/keyset-page.js'
import { MaxLength } from '../graphql/max-length.js'
import { PageArgs } from '../graphql/page-arguments.type.js'
import { PageInfo, pageInfoOf } from '../graphql/page-info.type.js'
import { RoleEnum, User, UserStatusEnum, userOf } from '../users/user.type.js'
import type { UserCriteria, UserPage } from './user-search.service.js'

/** The fields by which users can be ordered. */
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
  description: 'The fields by which a list of users can be ordered.',
  valuesConfig: {
    LOGIN: { description: 'The login, regardless of case, with its domain in ASCII.' },
    NAME: {
      description: 'The full name, regardless of case and accents: Łukasz comes before Zbigniew.',
    },
    PHONE: { description: 'The phone number as text. Users without a number come first.' },
    ROLE: { description: 'The name of the role, then the status and the full name.' },
    STATUS: { description: 'The name of the status, then the role and the full name.' },
    LAST_SIGN_IN: { description: 'The last sign-in. Users who never signed in count as earliest.' },
  },
})

/** The direction of an ordered list. */
export enum OrderDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}

registerEnumType(OrderDirection, {
  name: 'OrderDirection',
  description: 'The direction of an ordered list.',
  valuesConfig: {
    ASC: { description: 'Ascending: A to Z, earliest first.' },
    DESC: { description: 'Descending: Z to A, latest first.' },
  },
})

/** The order of a list of users. */
@InputType({ description: 'The order of a list of users.' })
export class UserOrder {
  @Field(() => UserOrderFieldEnum, { description: 'The field to order by.' })
  field!: UserOrderFieldEnum

  @Field(() => OrderDirection, { description: 'The direction of the order.' })
  direction!: OrderDirection
}

/** The maximum age of a password, in days, that a filter accepts: a hundred years. */
export const maxPasswordAgeDays = 36_500

/** The maximum number of ids or logins in a filter: those of one page. */
const maxListed = maxPageSize

/** A filter for a list of users. */
@InputType({ description: 'A filter for a list of users. Fields that are left out do not filter.' })
export class UserFilter {
  @Field(() => [RoleEnum], {
    nullable: true,
    description: 'Users with any of these roles. An empty list does not filter.',
  })
  roles?: Role[] | null

  @Field(() => [UserStatusEnum], {
    nullable: true,
    description: 'Users with any of these statuses. An empty list does not filter.',
  })
  statuses?: UserStatus[] | null

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True for users who must choose a new password at their next sign-in, false for the others. Null does not filter.',
  })
  mustChangePassword?: boolean | null

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True for users who have a second factor, false for users who have none. Null does not filter.',
  })
  hasSecondFactor?: boolean | null

  @Field(() => Int, {
    nullable: true,
    description: `Users whose password was set at least this many days ago, from 1 to ${maxPasswordAgeDays}. Users without a password are left out. Null does not filter.`,
  })
  passwordOlderThanDays?: number | null

  @Field(() => [ID], {
    nullable: true,
    description: `Users with any of these ids, at most ${maxListed}. An empty list finds no user. Null does not filter.`,
  })
  ids?: string[] | null

  @MaxLength(1_000)
  @Field(() => [String], {
    nullable: true,
    description: `Users with any of these logins, in any spelling, at most ${maxListed}. An empty list finds no user. Null does not filter.`,
  })
  logins?: string[] | null

  @MaxLength(1_000)
  @Field(() => String, {
    nullable: true,
    description: 'The user with this `externalId`. Null does not filter.',
  })
  externalId?: string | null

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description:
      'Users with an `updatedAt` of this time or later, also those who were added since then. Deleted users are not found: see the operations `DELETE_USER`. Null does not filter.',
  })
  updatedSince?: Date | null

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'Users who were added at this time or later. Null does not filter.',
  })
  createdSince?: Date | null
}

/** The given list, if it is short enough; throws BAD_USER_INPUT otherwise. */
const listOf = (
  name: 'ids' | 'logins',
  values: readonly string[] | null | undefined,
): readonly string[] | undefined => {
  if (values != null && values.length > maxListed) {
    throw badInput(`${name} can have at most ${maxListed} items.`)
  }
  return values ?? undefined
}

/** The given number of days, if it can be the age of a password; throws BAD_USER_INPUT otherwise. */
const passwordAgeOf = (days: number | null | undefined): number | undefined => {
  if (days == null) return undefined
  if (!Number.isInteger(days) || days < 1 || days > maxPasswordAgeDays) {
    throw badInput(`passwordOlderThanDays must be 1 to ${maxPasswordAgeDays}.`)
  }
  return days
}

/**
 * The criteria of a search and a filter.
 *
 * @throws BAD_USER_INPUT if an age is out of its bounds, or a list is too long.
 */
export const criteriaOf = ({
  search,
  filter,
}: {
  readonly search?: string | null
  readonly filter?: UserFilter | null
}): Required<UserCriteria> => ({
  search: search ?? undefined,
  roles: filter?.roles ?? undefined,
  statuses: filter?.statuses ?? undefined,
  mustChangePassword: filter?.mustChangePassword ?? undefined,
  hasSecondFactor: filter?.hasSecondFactor ?? undefined,
  passwordOlderThanDays: passwordAgeOf(filter?.passwordOlderThanDays),
  ids: listOf('ids', filter?.ids),
  logins: listOf('logins', filter?.logins),
  externalId: filter?.externalId?.normalize('NFC').trim() ?? undefined,
  updatedSince: filter?.updatedSince ?? undefined,
  createdSince: filter?.createdSince ?? undefined,
})

/** Arguments of a list of users. */
@ArgsType()
export class UsersArgs extends PageArgs {
  @MaxLength(200)
  @Field(() => String, {
    nullable: true,
    description:
      'Words that must all occur in the login, the name or the phone number, at any place, regardless of case and accents; at most 200 characters. Plain letters also find special ones: pawel finds Paweł, grossmann finds Großmann. The domain of a login is found in Unicode and in ASCII. If the search looks like a phone number, it also finds other spellings of that number: 0601 234 567 finds +48 601 234 567.',
  })
  search?: string | null

  @Field(() => UserFilter, { nullable: true, description: 'The filter for the list.' })
  filter?: UserFilter | null

  @Field(() => UserOrder, {
    nullable: true,
    description:
      'The order. Defaults to the name from A to Z. A cursor is valid only for the order it came from.',
  })
  orderBy?: UserOrder | null
}

/** A user and their cursor. */
@ObjectType({ description: 'A user and their cursor.' })
export class UserEdge {
  @Field(() => String, { description: 'The cursor of this user.' })
  cursor!: string

  @Field(() => User, { description: 'The user.' })
  node!: User
}

/** One page of users. */
@ObjectType({
  description: 'One page of a list of users (Relay Cursor Connections Specification).',
})
export class UserConnection {
  @Field(() => PageInfo, { description: 'Whether there are items before and after this page.' })
  pageInfo: PageInfo

  constructor(private readonly page: UserPage) {
    this.pageInfo = pageInfoOf(page)
  }

  @Field(() => [UserEdge], { description: 'The users with their cursors.' })
  edges(): UserEdge[] {
    return this.page.rows.map(user => ({ cursor: this.page.cursorOf(user), node: userOf(user) }))
  }

  @Field(() => [User], { description: 'The users without cursors.' })
  nodes(): User[] {
    return this.page.rows.map(userOf)
  }

  @Field(() => Int, {
    description:
      'The number of users that the search and the filter find, on all pages. With a search, or a filter other than roles and statuses, the count stops at 10,000: see totalCountExact.',
  })
  async totalCount(): Promise<number> {
    return (await this.page.countAll()).count
  }

  @Field(() => Boolean, {
    description:
      'Whether totalCount is exact. False if the search or the filter finds more users than totalCount.',
  })
  async totalCountExact(): Promise<boolean> {
    return (await this.page.countAll()).exact
  }
}
