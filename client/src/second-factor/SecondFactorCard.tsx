import { Text } from '@mantine/core'
import { IconDeviceMobile, IconFingerprint, IconKey, IconMessage } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { SecondFactorMethod } from '../gql/graphql'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { ItemCard } from '../ui/ItemCard'
import { TimeAgo } from '../users/TimeAgo'
import { methodMessages } from './methods'

const icons: Record<SecondFactorMethod, typeof IconKey> = {
  TOTP: IconDeviceMobile,
  PASSKEY: IconFingerprint,
  SMS: IconMessage,
  RECOVERY_CODE: IconKey,
}

interface Props {
  factor: {
    readonly method: SecondFactorMethod
    readonly name?: string | null
    readonly createdAt: string
    readonly lastUsedAt?: string | null
  }
  /** True if the account allows its method. Defaults to true. */
  counts?: boolean
  /** The buttons for actions on it. */
  actions?: ReactNode
}

/** A second factor in a list. */
export const SecondFactorCard = ({ factor, counts = true, actions }: Props) => {
  const { t } = useLocale()
  const kind = t(methodMessages[factor.method])
  const name = factor.name ?? kind
  const added = <TimeAgo at={factor.createdAt} />
  return (
    <ItemCard Icon={icons[factor.method]} name={name} actions={actions}>
      {name !== kind && (
        <Text size="sm" mt={4}>
          {kind}
        </Text>
      )}
      <Text size="sm" c="dimmed">
        {factor.lastUsedAt == null ? (
          <Message id="second-factor.item.neverUsed" values={{ added }} />
        ) : (
          <Message
            id="second-factor.item.used"
            values={{ added, used: <TimeAgo at={factor.lastUsedAt} /> }}
          />
        )}
      </Text>
      {!counts && (
        <Text size="sm" c="dimmed">
          {t('second-factor.item.notAllowed')}
        </Text>
      )}
    </ItemCard>
  )
}
