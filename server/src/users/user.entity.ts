import type { Permission, Role, UserStatus } from '@rekey/shared/access'
import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant, optionalInstant, permissionList, sortableInstant } from '../database/columns.js'

/** A row of `users`. It contains the hash, so GraphQL must never return the row itself. */
@Entity('users')
export class UserEntity {
  /** A UUIDv7, so that new rows are added at the end of the primary key's index. */
  @PrimaryColumn('varchar')
  id!: string

  /** The e-mail address as it is shown: see `displayedLoginOf`. */
  @Column('varchar')
  login!: string

  /** The login folded for comparison; unique. See {@link takenLoginKey} for the exception. */
  @Column('varchar', { name: 'login_key' })
  loginKey!: string

  /**
   * The key of the login if another user has that key; otherwise null. Earlier versions allowed two
   * users with one mailbox, if one of them wrote its domain in Punycode. Then `loginKey` is the key
   * of the login's own spelling.
   */
  @Column('varchar', { name: 'taken_login_key', nullable: true })
  takenLoginKey!: string | null

  @Column('varchar', { name: 'first_name' })
  firstName!: string

  @Column('varchar', { name: 'last_name' })
  lastName!: string

  /** The full name folded for sorting. */
  @Column('varchar', { name: 'name_key' })
  nameKey!: string

  /** Login, in both forms of its domain, and name, folded for searching. */
  @Column('varchar', { name: 'search_text' })
  searchText!: string

  @Column('varchar', { nullable: true })
  phone!: string | null

  /** The id of the user in another system; unique. Null if there is none. */
  @Column('varchar', { name: 'external_id', nullable: true })
  externalId!: string | null

  /** What another system stores about the user: a JSON object as text. Null if there is nothing. */
  @Column('varchar', { nullable: true })
  metadata!: string | null

  /** The preferred language as a BCP 47 tag. */
  @Column('varchar')
  language!: string

  @Column('varchar')
  role!: Role

  /** Permissions granted in addition to those of the role. */
  @Column('varchar', { name: 'granted_permissions', transformer: permissionList })
  grantedPermissions!: Permission[]

  /** Permissions of the role that are withdrawn from the user. */
  @Column('varchar', { name: 'withdrawn_permissions', transformer: permissionList })
  withdrawnPermissions!: Permission[]

  @Column('varchar')
  status!: UserStatus

  /**
   * The argon2id hash in PHC string format, or an imported hash until its user signs in. Null until a
   * password is set, and after an administrator removed it.
   */
  @Column('varchar', { name: 'password_hash', nullable: true })
  passwordHash!: string | null

  /** When the password was last set or removed; null if the user never had one. */
  @Column('bigint', { name: 'password_changed_at', nullable: true, transformer: optionalInstant })
  passwordChangedAt!: Date | null

  @Column('boolean', { name: 'must_change_password' })
  mustChangePassword!: boolean

  /**
   * When the password stops working, because someone else set it and the user has not changed it.
   * Null for every other password.
   */
  @Column('bigint', { name: 'password_expires_at', nullable: true, transformer: optionalInstant })
  passwordExpiresAt!: Date | null

  /**
   * Whether someone else set the password, and the user must replace it. Only the user can end that:
   * another person knows the password.
   */
  @Column('boolean', { name: 'password_temporary' })
  passwordTemporary!: boolean

  /** When the user was last reminded of the age of this password; null if never. */
  @Column('bigint', { name: 'password_reminded_at', nullable: true, transformer: optionalInstant })
  passwordRemindedAt!: Date | null

  /**
   * When the user last proved that they receive mail at the login: they used a link that was sent to
   * it. Null if they have not, or not since the login changed.
   */
  @Column('bigint', { name: 'login_verified_at', nullable: true, transformer: optionalInstant })
  loginVerifiedAt!: Date | null

  /**
   * Whether the user has a second factor. Triggers of `second_factors` set it, so that a list can be
   * filtered by it; undefined before the user is saved.
   */
  @Column({ type: 'boolean', name: 'has_second_factor', insert: false, update: false })
  readonly hasSecondFactor?: boolean

  /** When the login was last changed to another mailbox; null if it never was. */
  @Column('bigint', { name: 'login_changed_at', nullable: true, transformer: optionalInstant })
  loginChangedAt!: Date | null

  /**
   * The login before {@link loginChangedAt}. After several changes within the time in which a new
   * login is in doubt, the first of them. Null if there is none.
   */
  @Column('varchar', { name: 'former_login', nullable: true })
  formerLogin!: string | null

  /** Null if the user never signed in. Null is stored as 0, so that it sorts before every sign-in. */
  @Column('bigint', { name: 'last_sign_in_at', transformer: sortableInstant })
  lastSignInAt!: Date | null

  /**
   * The user has seen every notification up to this time; null if they have seen none. See
   * `notifications/`.
   */
  @Column('bigint', { name: 'notifications_seen_at', nullable: true, transformer: optionalInstant })
  notificationsSeenAt!: Date | null

  /** Counts the edits of the profile, so that the server can reject a stale edit. */
  @Column('integer')
  version!: number

  @Column('bigint', { name: 'created_at', transformer: instant })
  createdAt!: Date

  @Column('bigint', { name: 'updated_at', transformer: instant })
  updatedAt!: Date
}

/** The columns that lists leave out, because they are long and only sign-in and search read them. */
export const unlisted = ['passwordHash', 'searchText'] as const

/** A user without the columns that lists leave out. */
export type ListedUser = Omit<UserEntity, (typeof unlisted)[number]>
