package api

import (
	"context"
	"net/http"
	"net/url"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// CreateSnapshot starts a snapshot of an instance ("Exoscale API: create-snapshot"). It has no body: the vendor names
// the snapshot. The operation refers to the snapshot. Never repeated after an ambiguous failure.
func (z *Zone) CreateSnapshot(ctx context.Context, instanceID string) (Operation, error) {
	return z.once(ctx, "/instance/"+url.PathEscape(instanceID)+":create-snapshot", nil)
}

// ListSnapshots lists the snapshots of the zone ("Exoscale API: list-snapshots"), with neither filters nor pages. May
// be repeated.
func (z *Zone) ListSnapshots(ctx context.Context) (SnapshotList, error) {
	return list(ctx, z, "/snapshot", nil, func(l SnapshotList) error {
		return httpx.HaveIDs("snapshot", l.Snapshots, func(s Snapshot) string { return s.ID })
	})
}

// GetSnapshot reads a snapshot ("Exoscale API: get-snapshot"). May be repeated.
func (z *Zone) GetSnapshot(ctx context.Context, id string) (Snapshot, error) {
	return httpx.Get(ctx, z.rest, "/snapshot/"+url.PathEscape(id), nil, func(s Snapshot) error {
		return httpx.SameID("snapshot", s.ID, id)
	})
}

// DeleteSnapshot starts deleting a snapshot ("Exoscale API: delete-snapshot"). The operation refers to the snapshot.
// May be repeated.
func (z *Zone) DeleteSnapshot(ctx context.Context, id string) (Operation, error) {
	return z.again(ctx, http.MethodDelete, "/snapshot/"+url.PathEscape(id), nil)
}

// ExportSnapshot starts to write a snapshot to a file for download ("Exoscale API: export-snapshot"). GetSnapshot
// returns the URL once the operation has succeeded. Never repeated after an ambiguous failure.
func (z *Zone) ExportSnapshot(ctx context.Context, id string) (Operation, error) {
	return z.once(ctx, "/snapshot/"+url.PathEscape(id)+":export", nil)
}

// PromoteSnapshotToTemplate starts to create a template from a snapshot ("Exoscale API: promote-snapshot-to-template").
// The operation refers to the template. Never repeated after an ambiguous failure.
func (z *Zone) PromoteSnapshotToTemplate(ctx context.Context, id string, body PromoteBody) (Operation, error) {
	return z.once(ctx, "/snapshot/"+url.PathEscape(id)+":promote", body)
}

// RevertInstanceToSnapshot starts to restore an instance's disk to a snapshot of it ("Exoscale API:
// revert-instance-to-snapshot"). The instance must be stopped. Never repeated after an ambiguous failure.
func (z *Zone) RevertInstanceToSnapshot(ctx context.Context, instanceID, snapshotID string) (Operation, error) {
	return z.once(ctx, "/instance/"+url.PathEscape(instanceID)+":revert-snapshot", RevertBody{ID: snapshotID})
}

// GetInstance reads an instance ("Exoscale API: get-instance"). May be repeated.
func (z *Zone) GetInstance(ctx context.Context, id string) (Instance, error) {
	return httpx.Get(ctx, z.rest, "/instance/"+url.PathEscape(id), nil, func(i Instance) error {
		return httpx.SameID("instance", i.ID, id)
	})
}

// ListInstances lists the instances of the zone ("Exoscale API: list-instances"), without pages. May be repeated.
func (z *Zone) ListInstances(ctx context.Context) (InstanceList, error) {
	return list(ctx, z, "/instance", nil, func(l InstanceList) error {
		return httpx.HaveIDs("instance", l.Instances, func(i Instance) string { return i.ID })
	})
}
