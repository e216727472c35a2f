import { Group, Text } from '@mantine/core'
import type { AccountLook } from './account-look'
import { useAccountLook } from './account-look'

/** The key of the product, or the first letter of an account that has a name but no logo. */
const Mark = ({ name }: Pick<AccountLook, 'name'>) => (
  <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true" style={{ flexShrink: 0 }}>
    <rect width="32" height="32" rx="8" fill="var(--mantine-primary-color-filled)" />
    {name === 'Rekey' ? (
      <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round">
        <circle cx="12" cy="20" r="4.6" />
        <path d="M15.4 16.6 24 8M20.5 11.5l3 3" />
      </g>
    ) : (
      <text x="16" y="22.5" fill="#fff" fontSize="19" fontWeight="700" textAnchor="middle">
        {[...name][0]?.toUpperCase()}
      </text>
    )}
  </svg>
)

/** The logo and the name of the account. */
export const WordMark = () => {
  const { name, logoUrl } = useAccountLook()
  return (
    <Group gap={8} wrap="nowrap" miw={0}>
      {logoUrl === null ? (
        <Mark name={name} />
      ) : (
        <img
          src={logoUrl}
          alt=""
          height={28}
          style={{ maxWidth: '7rem', objectFit: 'contain', flexShrink: 0 }}
        />
      )}
      <Text fw={700} size="lg" lts="-0.01em" lh={1.2} lineClamp={2} dir="auto">
        {name}
      </Text>
    </Group>
  )
}
