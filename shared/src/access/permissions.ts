/** All permissions: each is a verb on a thing. */
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

/** The name of a permission. */
export type Permission = (typeof permissions)[number]

/** Whether the text is the name of a permission. */
export const isPermission = (text: string): text is Permission =>
  (permissions as readonly string[]).includes(text)

/** The description of a permission for users. */
export interface PermissionDescription {
  readonly permission: Permission
  /** Two or three words. */
  readonly title: string
  /** One sentence about what the permission allows. */
  readonly description: string
}

/** Every permission once, in the groups that the user interface shows. */
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
        description:
          'Choose which other systems are notified of changes to users, and see the deliveries.',
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
        description: 'Open the API explorer, and read the schema even if it is not public.',
      },
    ],
  },
]

/** The keys of the permissions' titles in the catalogues: two or three words. */
export const permissionTitleKey = {
  'users.read': 'access.permission.users.read.title',
  'users.invite': 'access.permission.users.invite.title',
  'users.manage': 'access.permission.users.manage.title',
  'users.delete': 'access.permission.users.delete.title',
  'access.manage': 'access.permission.access.manage.title',
  'settings.manage': 'access.permission.settings.manage.title',
  'webhooks.manage': 'access.permission.webhooks.manage.title',
  'operations.read': 'access.permission.operations.read.title',
  'api.explore': 'access.permission.api.explore.title',
} as const satisfies Record<Permission, string>

/** The keys of the permissions' descriptions in the catalogues: one sentence each. */
export const permissionDescriptionKey = {
  'users.read': 'access.permission.users.read.description',
  'users.invite': 'access.permission.users.invite.description',
  'users.manage': 'access.permission.users.manage.description',
  'users.delete': 'access.permission.users.delete.description',
  'access.manage': 'access.permission.access.manage.description',
  'settings.manage': 'access.permission.settings.manage.description',
  'webhooks.manage': 'access.permission.webhooks.manage.description',
  'operations.read': 'access.permission.operations.read.description',
  'api.explore': 'access.permission.api.explore.description',
} as const satisfies Record<Permission, string>
