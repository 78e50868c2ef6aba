import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { text } from '../text/en';

interface Props {
  readonly title: string;
  readonly subtitle: string;
  readonly children?: ReactNode;
}

/** Title of a page, of the browser's tab too; controls of the page stand at its right. */
export function PageHeading({ title, subtitle, children }: Props) {
  useEffect(() => {
    document.title = `${title} · ${text.product}`;
  }, [title]);
  return (
    <header className="nv-heading">
      <div>
        <h1>{title}</h1>
        <p>{subtitle}</p>
      </div>
      {children && <div className="nv-heading__controls">{children}</div>}
    </header>
  );
}
