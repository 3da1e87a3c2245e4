package contabo

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/contabo/api"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// kindOf sorts an error. 402 is a limit here: the slots of an instance, or the storage for images.
func kindOf(err error) cloud.Kind {
	var (
		decided *cloud.Error
		token   *api.TokenError
		reply   *httpx.Error
	)
	switch {
	case errors.As(err, &decided):
		return decided.Kind
	case errors.As(err, &token):
		return tokenKindOf(token)
	case errors.As(err, &reply) && reply.FromIntermediary && reply.Status == http.StatusNotFound:
		// Cloud would see to this; but the listing of a whole account leaves out instances that are gone, and asks here.
		return cloud.KindUnavailable
	case errors.As(err, &reply):
		return cloud.KindForStatus(reply.Status)
	default:
		return cloud.KindUnknown
	}
}

// tokenKindOf sorts a failed grant. It never says anything about the object that the token was wanted for.
func tokenKindOf(err *api.TokenError) cloud.Kind {
	switch kind := cloud.KindForStatus(err.Status); {
	case err.Refused():
		return cloud.KindAuth
	case kind == cloud.KindUnavailable, kind == cloud.KindRateLimited:
		return kind
	default:
		return cloud.KindMisconfigured
	}
}

// instanceToWire turns a source ID into the number that the API addresses instances by.
func instanceToWire(id string) (int64, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n < 0 {
		return 0, &cloud.Error{
			Kind:    cloud.KindInvalid,
			Message: fmt.Sprintf("the ID of an instance at Contabo must be a number, as in 42001, not %q", id),
			Hint:    "Take it from the cloud's panel or API.",
			Err:     err,
		}
	}
	return n, nil
}

func instanceFromWire(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

func snapshotFromWire(s api.Snapshot) cloud.Snapshot {
	return cloud.Snapshot{
		ID:          s.SnapshotID,
		SourceID:    instanceFromWire(s.InstanceID),
		Name:        s.Name,
		Description: s.Description,
		// Not received: a snapshot that the API shows is finished.
		State:     cloud.StateReady,
		CreatedAt: timeFromWire(s.CreatedDate),
		ExpiresAt: timeFromWire(s.AutoDeleteDate),
		ImageID:   s.ImageID,
		ImageName: s.ImageName,
	}
}

func snapshotToWire(spec cloud.SnapshotSpec) api.CreateSnapshotRequest {
	// SourceID goes into the path. Not sent: Location, Contabo has none; ReplaceExisting, Contabo overwrites nothing.
	return api.CreateSnapshotRequest{Name: spec.Name, Description: spec.Description}
}

func snapshotChangeToWire(change cloud.SnapshotChange) api.UpdateSnapshotRequest {
	return api.UpdateSnapshotRequest{Name: change.Name, Description: change.Description}
}

func imageFromWire(i api.Image) cloud.Image {
	out := cloud.Image{
		ID:             i.ImageID,
		Name:           i.Name,
		Description:    i.Description,
		URL:            i.URL,
		OSType:         i.OSType,
		Version:        i.Version,
		Format:         i.Format,
		State:          imageStateFromWire(i.Status, i.StandardImage),
		ErrorMessage:   i.ErrorMessage,
		SizeMB:         i.SizeMB,
		UploadedSizeMB: i.UploadedSizeMB,
		Standard:       i.StandardImage,
		CreatedAt:      timeFromWire(i.CreationDate),
		ModifiedAt:     timeFromWire(i.LastModifiedDate),
	}
	for _, tag := range i.Tags {
		out.Tags = append(out.Tags, tag.TagName)
	}
	return out
}

func imageToWire(spec cloud.ImageSpec) api.CreateCustomImageRequest {
	// Not sent, because Contabo takes none of it: Location, Checksum, DefaultUser, BootMode, SSHKeyEnabled, PasswordEnabled,
	// Build, Maintainer, ApplicationConsistentSnapshotEnabled.
	return api.CreateCustomImageRequest{
		Name:        spec.Name,
		Description: spec.Description,
		URL:         spec.URL,
		OSType:      spec.OSType,
		Version:     spec.Version,
	}
}

func imageChangeToWire(change cloud.ImageChange) api.UpdateCustomImageRequest {
	return api.UpdateCustomImageRequest{Name: change.Name, Description: change.Description}
}

func imageFilterToWire(f cloud.ImageFilter) api.ImageFilter {
	// Not sent, because Contabo takes none of it: Location, Visibility, Family.
	return api.ImageFilter{Name: f.Name, StandardImage: f.Standard, Search: f.Search}
}

// imageStateFromWire reads a free text. The official provider knows downloading, downloaded and error, the document's example is Pending; a
// word that nobody has described is progress, because the download may still succeed and the wait has a deadline. Standard
// images have nothing to wait for.
func imageStateFromWire(status string, standard bool) cloud.State {
	switch strings.ToLower(strings.TrimSpace(status)) {
	case "downloaded", "uploaded", "ready", "available", "active", "completed":
		return cloud.StateReady
	case "error", "failed":
		return cloud.StateError
	default:
		if standard {
			return cloud.StateReady
		}
		return cloud.StateCreating
	}
}

func imageStatsFromWire(s api.ImageStats) cloud.ImageStats {
	out := cloud.ImageStats{TotalMB: s.TotalSizeMB, UsedMB: s.UsedSizeMB, FreeMB: s.FreeSizeMB}
	if s.CurrentImagesCount != nil {
		out.Count = int64(*s.CurrentImagesCount)
	}
	return out
}

// timeFromWire reads the forms of the document's examples, in UTC. What it cannot read is unknown, not an error.
func timeFromWire(text string) time.Time {
	forms := []string{
		time.RFC3339,
		"2006-01-02 15:04:05Z07:00",
		"2006-01-02T15:04:05Z0700",
		"2006-01-02 15:04:05Z0700",
		"2006-01-02T15:04:05",
		"2006-01-02 15:04:05",
		time.DateOnly,
	}
	for _, form := range forms {
		if t, err := time.Parse(form, text); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
