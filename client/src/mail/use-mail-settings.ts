import { useQuery } from '@apollo/client/react'
import { graphql } from '../gql'
import type { MailSettingsQuery } from '../gql/graphql'
import { useViewer } from '../sessions/use-viewer'

const Settings = graphql(`
  query MailSettings {
    mailSettings {
      configured
    }
  }
`)

/** Where mails go. */
export type MailDestination = MailSettingsQuery['mailSettings']

/** Where mails go; undefined until it is loaded, and for users who cannot cause mails to others. */
export const useMailSettings = (): MailDestination | undefined => {
  const { viewer } = useViewer()
  const permissions = viewer?.permissions ?? []
  const allowed = (['users.invite', 'users.manage', 'settings.manage'] as const).some(permission =>
    permissions.includes(permission),
  )
  const { data } = useQuery(Settings, { skip: !allowed })
  return allowed ? data?.mailSettings : undefined
}
