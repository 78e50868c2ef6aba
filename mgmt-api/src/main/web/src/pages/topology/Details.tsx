import {
  DescriptionList, DescriptionListDescription, DescriptionListGroup, DescriptionListTerm,
} from '@patternfly/react-core/dist/esm/components/DescriptionList';
import {
  DrawerActions, DrawerCloseButton, DrawerHead, DrawerPanelBody, DrawerPanelContent,
} from '@patternfly/react-core/dist/esm/components/Drawer';
import { type ReactNode, useEffect, useRef } from 'react';
import type { FabricIndex } from '../../domain/fabricIndex';
import type { TopologyNode } from '../../domain/topology';
import { text } from '../../text/en';
import { title } from './boxes';
import { fieldsOf } from './fields';
import { NodeRecords } from './NodeRecords';
import { recordQuestion } from './recordQuestion';

interface Props {
  readonly node: TopologyNode;
  readonly index: FabricIndex;
  readonly onClose: () => void;
}

/** Everything the fabric knows of one object of the picture. */
export function Details({ node, index, onClose }: Props): ReactNode {
  const t = text.topology;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const question = recordQuestion(node, index);
  return (
    <DrawerPanelContent
      className="nv-details"
      aria-label={t.details}
      data-testid="details"
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <DrawerHead>
        <p className="nv-quiet">{text.kinds[node.kind]}</p>
        <h2 ref={heading} tabIndex={-1}>
          {title(node)}
        </h2>
        <DrawerActions>
          <DrawerCloseButton onClick={onClose} aria-label={t.close} />
        </DrawerActions>
      </DrawerHead>
      <DrawerPanelBody>
        <DescriptionList isCompact isHorizontal horizontalTermWidthModifier={{ default: '11ch', sm: '16ch' }}>
          {fieldsOf(node, index).map(([term, value]) => (
            <DescriptionListGroup key={term}>
              <DescriptionListTerm>{term}</DescriptionListTerm>
              <DescriptionListDescription>{value}</DescriptionListDescription>
            </DescriptionListGroup>
          ))}
        </DescriptionList>
        {question && <NodeRecords question={question} index={index} />}
      </DrawerPanelBody>
    </DrawerPanelContent>
  );
}
