import { Fragment } from 'react'

/** A login that is too long for one line breaks before the @ or a dot. */
export const Login = ({ login }: { login: string }) => (
  <bdi>
    {login.split(/(?=[@.])/).map((part, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts have nothing but their order.
      <Fragment key={index}>
        {index > 0 && <wbr />}
        {part}
      </Fragment>
    ))}
  </bdi>
)
