package nimbus

import (
	"errors"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/nimbus/api"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// snapshotToWire makes the request of a spec. Not sent: location and description, which Nimbus does not have.
func snapshotToWire(spec driver.SnapshotSpec) api.CreateSnapshotRequest {
	return api.CreateSnapshotRequest{Disk: spec.SourceID, Label: spec.Name}
}

// snapshotFromWire converts a snapshot. A snapshot that Nimbus shows is ready.
func snapshotFromWire(wire api.Snapshot) driver.Snapshot {
	return driver.Snapshot{
		ID: wire.ID, SourceID: wire.Disk, Name: wire.Label, State: driver.StateReady,
		CreatedAt: httpx.ParseTime(wire.Made),
	}
}

// matches reports whether a snapshot passes a filter.
func matches(wire api.Snapshot, filter driver.SnapshotFilter) bool {
	bySource := filter.SourceID == "" || filter.SourceID == wire.Disk
	return bySource && strings.Contains(wire.Label, filter.NameContains)
}

// kindOf classifies an error by its status.
func kindOf(err error) driver.Kind {
	var failed *httpx.Error
	if errors.As(err, &failed) {
		return driver.KindForStatus(failed.Status)
	}
	return driver.KindUnknown
}
