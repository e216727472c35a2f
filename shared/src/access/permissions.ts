/** Permissions: a verb on a thing. */
export const permissions = [
  'users.read',
  'users.invite',
  'users.manage',
  'users.delete',
  'access.manage',
  'settings.manage',
  'webhooks.manage',
  'operations.read',
  'api.explore',
] as const

/** What someone may do. */
export type Permission = (typeof permissions)[number]

/** True when the text names a permission. */
export const isPermission = (text: string): text is Permission =>
  (permissions as readonly string[]).includes(text)

/** A permission as people are told of it. */
export interface PermissionDescription {
  readonly permission: Permission
  /** Two or three words. */
  readonly title: string
  /** One sentence: what it lets one do. */
  readonly description: string
}

/** Every permission once, in the groups in which people look for them. */
export const permissionGroups: readonly {
  readonly title: string
  readonly permissions: readonly PermissionDescription[]
}[] = [
  {
    title: 'Users',
    permissions: [
      {
        permission: 'users.read',
        title: 'See users',
        description: 'See the Users table and every profile.',
      },
      {
        permission: 'users.invite',
        title: 'Invite users',
        description: 'Add users, one or many at once, and send, resend or revoke invitations.',
      },
      {
        permission: 'users.manage',
        title: 'Manage users',
        description: 'Edit profiles and logins, change passwords, block and unblock.',
      },
      {
        permission: 'users.delete',
        title: 'Delete users',
        description: 'Delete users and the personal data kept about them.',
      },
    ],
  },
  {
    title: 'Account',
    permissions: [
      {
        permission: 'access.manage',
        title: 'Manage access',
        description: 'Change roles, and grant or withdraw single permissions.',
      },
      {
        permission: 'settings.manage',
        title: 'Manage settings',
        description: 'Change the settings of the whole account.',
      },
      {
        permission: 'webhooks.manage',
        title: 'Manage webhooks',
        description: 'Choose which other systems are told what happens to users, and see it sent.',
      },
      {
        permission: 'operations.read',
        title: 'See operations',
        description: 'See and export the whole operation list.',
      },
    ],
  },
  {
    title: 'API',
    permissions: [
      {
        permission: 'api.explore',
        title: 'Explore the API',
        description: 'Open the API explorer, and read the schema also where it is not public.',
      },
    ],
  },
]
