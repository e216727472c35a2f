import { useMutation } from '@apollo/client/react'
import { Alert, Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import type { Access, Role } from '@rekey/shared/access'
import { accessRefusalKeys } from '@rekey/shared/access'
import { IconGitMerge, IconLock } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { readOnlyField } from '../forms/read-only-field'
import { SaveButtons } from '../forms/SaveButtons'
import { graphql } from '../gql'
import type { UserAccessFragment } from '../gql/graphql'
import type { Locale } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { useViewer } from '../sessions/use-viewer'
import { describeFailure } from '../ui/describe-failure'
import { FailureAlert } from '../ui/FailureAlert'
import { LeaveGuard } from '../ui/LeaveGuard'
import { notifySuccess } from '../ui/notify'
import { roleMessages } from '../users/badges'
import {
  beyondOwn,
  differingPermissions,
  isSameAccess,
  readAccess,
  subjectOf,
  tidyAccess,
} from './access-form'
import { listPermissions } from './access-words'
import { PermissionFields } from './PermissionFields'
import { RoleSelect } from './RoleSelect'

graphql(`
  fragment UserAccess on User {
    id
    name
    role
    grantedPermissions
    withdrawnPermissions
    permissions
    version
    refusalToChangeAccess
  }
`)

const ChangeAccess = graphql(`
  mutation ChangeAccess($input: ChangeAccessInput!) {
    changeAccess(input: $input) {
      user {
        ...UserAccess
      }
      errors {
        __typename
        ... on UserError {
          message
          path
        }
        ... on UserChangedMeanwhile {
          user {
            ...UserAccess
          }
        }
      }
    }
  }
`)

const differencesInWords = (
  locale: Pick<Locale, 't' | 'formatList'>,
  mine: Access,
  theirs: Access,
): string[] => {
  const { t } = locale
  const differing = differingPermissions(mine, theirs)
  return [
    ...(mine.role === theirs.role
      ? []
      : [
          t('access.tab.roleDiffers', {
            theirs: t(roleMessages[theirs.role]),
            mine: t(roleMessages[mine.role]),
          }),
        ]),
    ...(differing.length === 0
      ? []
      : [t('access.tab.permissionsDiffer', { permissions: listPermissions(locale, differing) })]),
  ]
}

interface Saved {
  readonly access: Access
  readonly version: number
}

const savedOf = (user: UserAccessFragment): Saved => ({
  access: readAccess(user),
  version: user.version,
})

/** The role of a user, and the permissions that are granted or withdrawn separately. */
export const AccessTab = ({ user }: { user: UserAccessFragment }) => {
  const locale = useLocale()
  const { t } = locale
  const { viewer } = useViewer()
  // The cache gets every newer version, including changes that other users saved in the
  // meantime. So the values at the start of the edit are stored here.
  const [saved, setSaved] = useState(() => savedOf(user))
  const [access, setAccess] = useState(saved.access)
  const [theirs, setTheirs] = useState<Saved | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const conflict = useRef<HTMLDivElement>(null)
  const [changeAccess, { loading }] = useMutation(ChangeAccess)
  const dirty = !isSameAccess(access, saved.access)

  useEffect(() => {
    if (theirs !== null) conflict.current?.focus()
  }, [theirs])
  useEffect(() => {
    // Without an edit, show the changes of other users.
    if (dirty || theirs !== null || user.version === saved.version) return
    setSaved(savedOf(user))
    setAccess(readAccess(user))
  }, [user, dirty, theirs, saved.version])

  if (!viewer) return null
  const actor = subjectOf(viewer)
  const readOnly = user.refusalToChangeAccess != null
  const beyond = beyondOwn(actor, access)
  const tooMuch = dirty && (beyond.role || beyond.permissions.length > 0)

  const take = (newest: Saved) => {
    setSaved(newest)
    setAccess(newest.access)
    setTheirs(null)
  }
  const save = async (version: number): Promise<void> => {
    setFailure(null)
    setTheirs(null)
    const { role, grantedPermissions, withdrawnPermissions } = tidyAccess(access)
    try {
      const { data } = await changeAccess({
        variables: {
          input: {
            userId: user.id,
            version,
            role,
            grantedPermissions: [...grantedPermissions],
            withdrawnPermissions: [...withdrawnPermissions],
          },
        },
      })
      const [error] = data?.changeAccess.errors ?? []
      if (error?.__typename === 'UserChangedMeanwhile') {
        const newest = savedOf(error.user)
        // Another part of the profile was changed, which this edit does not affect.
        if (isSameAccess(newest.access, saved.access)) return await save(newest.version)
        setSaved(newest)
        setTheirs(newest)
      } else if (error !== undefined) {
        setFailure(error.message)
      } else if (data?.changeAccess.user != null) {
        take(savedOf(data.changeAccess.user))
        notifySuccess(t('access.tab.saved'), t('access.tab.savedDetail'))
      }
    } catch (problem) {
      setFailure(describeFailure(t, problem))
    }
  }

  return (
    <Stack gap="lg" maw={760}>
      <LeaveGuard
        when={dirty && !loading}
        title={t('ui.leaveGuard.title')}
        message={t('access.tab.leaveMessage')}
      />
      {user.refusalToChangeAccess != null && (
        <Alert icon={<IconLock />} color="gray" title={t('access.tab.refusedTitle')}>
          {t(accessRefusalKeys[user.refusalToChangeAccess])}
        </Alert>
      )}
      {theirs !== null && (
        <Alert
          ref={conflict}
          color="yellow"
          icon={<IconGitMerge />}
          title={t('access.tab.conflictTitle')}
          role="alert"
          tabIndex={-1}
        >
          <Stack gap="xs" align="flex-start">
            <Text size="sm">
              {[
                t('access.tab.notSaved'),
                ...differencesInWords(locale, access, theirs.access),
              ].join(' ')}
            </Text>
            <Group gap="xs">
              <Button size="xs" variant="default" onClick={() => void save(theirs.version)}>
                {t('access.tab.saveMine')}
              </Button>
              <Button size="xs" variant="default" onClick={() => take(theirs)}>
                {t('access.tab.takeTheirs')}
              </Button>
            </Group>
          </Stack>
        </Alert>
      )}
      <FailureAlert failure={failure} />
      <Card withBorder padding="lg" component="section" aria-labelledby="role-section">
        <Title order={2} size="h5" mb="md" id="role-section">
          {t('access.tab.role')}
        </Title>
        <RoleSelect
          maw={360}
          label={null}
          aria-labelledby="role-section"
          value={access.role}
          actor={actor}
          {...(readOnly ? readOnlyField : {})}
          onChange={(role: Role) => setAccess({ ...access, role })}
        />
      </Card>
      <Card withBorder padding="lg" component="section" aria-labelledby="permissions-section">
        <Title order={2} size="h5" id="permissions-section">
          {t('access.tab.permissions')}
        </Title>
        <Text size="sm" c="dimmed" mb="md">
          {t('access.tab.permissionsHint')}
        </Text>
        <PermissionFields access={access} actor={actor} readOnly={readOnly} onChange={setAccess} />
      </Card>
      {!readOnly && (
        <Group gap="sm" justify="flex-end">
          {tooMuch && (
            <Text size="sm" c="var(--mantine-color-error)" role="status" me="auto">
              {beyond.permissions.length === 0
                ? t(accessRefusalKeys.BEYOND_OWN_ACCESS)
                : t('access.tab.beyondOwn', {
                    permissions: listPermissions(locale, beyond.permissions),
                  })}
            </Text>
          )}
          <SaveButtons
            dirty={dirty}
            busy={loading}
            refused={tooMuch}
            onDiscard={() => {
              setAccess(saved.access)
              setTheirs(null)
              setFailure(null)
            }}
            onSave={() => void save(saved.version)}
          />
        </Group>
      )}
    </Stack>
  )
}
