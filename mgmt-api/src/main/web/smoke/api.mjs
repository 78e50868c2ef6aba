// The manager's API as the smoke test asks it, beside the page.
export function apiOf(base) {
  const get = async (path) => {
    const response = await fetch(new URL(path, base));
    if (!response.ok) throw new Error(`GET ${path}: HTTP ${response.status} ${await response.text()}`);
    return response.json();
  };
  return {
    overview: () => get('/api/v1/fabric'),
    list: async (kind) => (await get(`/api/v1/${kind}?limit=1000`)).items,
    records: async (gatewayId) => (await get(`/api/v1/gateways/${gatewayId}/lookup-records?limit=10000`)).items,
  };
}
