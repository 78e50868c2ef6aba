import { Label } from '@patternfly/react-core/dist/esm/components/Label';
import type { NodeStatus } from '../api/model';
import { text } from '../text/en';

export function NodeState({ node }: { node: NodeStatus | undefined }) {
  if (!node) return <Label isCompact variant="outline">{text.unknown}</Label>;
  return node.connected ? (
    <Label isCompact status="success" variant="outline">
      {text.nodeState.connected}
    </Label>
  ) : (
    <Label isCompact status="danger" variant="outline">
      {text.nodeState.disconnected}
    </Label>
  );
}
