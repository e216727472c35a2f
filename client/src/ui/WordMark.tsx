import { Group, Text } from '@mantine/core'

/** The name of the product with its key. */
export const WordMark = () => (
  <Group gap={8} wrap="nowrap">
    <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--mantine-primary-color-filled)" />
      <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round">
        <circle cx="12" cy="20" r="4.6" />
        <path d="M15.4 16.6 24 8M20.5 11.5l3 3" />
      </g>
    </svg>
    <Text fw={700} size="lg" lts="-0.01em">
      Rekey
    </Text>
  </Group>
)
