package contabo

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/contabo/api"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// kindOf returns the kind of an error. 402 is a limit: the snapshots of an instance, or the storage for images.
func kindOf(err error) driver.Kind {
	var (
		decided *driver.Error
		token   *api.TokenError
		reply   *httpx.Error
	)
	switch {
	case errors.As(err, &decided):
		return decided.Kind
	case errors.As(err, &token):
		return tokenKindOf(token)
	case errors.As(err, &reply) && reply.FromIntermediary && reply.Status == http.StatusNotFound:
		// The engine filters such a 404 too, but the listing of a whole account calls kindOf to skip absent instances.
		return driver.KindUnavailable
	case errors.As(err, &reply):
		return driver.KindForStatus(reply.Status)
	default:
		return driver.KindUnknown
	}
}

// tokenKindOf returns the kind of a failed grant. It is never a kind that describes the object of the request.
func tokenKindOf(err *api.TokenError) driver.Kind {
	switch kind := driver.KindForStatus(err.Status); {
	case err.Refused():
		return driver.KindAuth
	case kind == driver.KindUnavailable, kind == driver.KindRateLimited:
		return kind
	default:
		return driver.KindMisconfigured
	}
}

// instanceToWire converts a source ID to the number of the instance.
func instanceToWire(id string) (int64, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n < 0 {
		return 0, &driver.Error{
			Kind:    driver.KindInvalid,
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

func snapshotFromWire(s api.Snapshot) driver.Snapshot {
	return driver.Snapshot{
		ID:          s.SnapshotID,
		SourceID:    instanceFromWire(s.InstanceID),
		Name:        s.Name,
		Description: s.Description,
		// Contabo has no state: a snapshot that the API returns is complete.
		State:     driver.StateReady,
		CreatedAt: httpx.ParseTime(s.CreatedDate),
		ExpiresAt: httpx.ParseTime(s.AutoDeleteDate),
		ImageID:   s.ImageID,
		ImageName: s.ImageName,
	}
}

func snapshotToWire(spec driver.SnapshotSpec) api.CreateSnapshotRequest {
	// SourceID goes into the path. Not sent: Location, Contabo has none; ReplaceExisting, Contabo overwrites nothing.
	return api.CreateSnapshotRequest{Name: spec.Name, Description: spec.Description}
}

func snapshotChangeToWire(change driver.SnapshotChange) api.UpdateSnapshotRequest {
	return api.UpdateSnapshotRequest{Name: change.Name, Description: change.Description}
}

func imageFromWire(i api.Image) driver.Image {
	out := driver.Image{
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
		CreatedAt:      httpx.ParseTime(i.CreationDate),
		ModifiedAt:     httpx.ParseTime(i.LastModifiedDate),
	}
	for _, tag := range i.Tags {
		out.Tags = append(out.Tags, tag.TagName)
	}
	return out
}

func imageToWire(spec driver.ImageSpec) api.CreateCustomImageRequest {
	// Not sent, because Contabo takes none of it: Location, Checksum, DefaultUser, BootMode, SSHKeyEnabled,
	// PasswordEnabled, Build, Maintainer, ApplicationConsistentSnapshotEnabled.
	return api.CreateCustomImageRequest{
		Name:        spec.Name,
		Description: spec.Description,
		URL:         spec.URL,
		OSType:      spec.OSType,
		Version:     spec.Version,
	}
}

func imageChangeToWire(change driver.ImageChange) api.UpdateCustomImageRequest {
	return api.UpdateCustomImageRequest{Name: change.Name, Description: change.Description}
}

func imageFilterToWire(f driver.ImageFilter) api.ImageFilter {
	// Not sent, because Contabo takes none of it: Location, Visibility, Family.
	return api.ImageFilter{Name: f.Name, StandardImage: f.Standard, Search: f.Search}
}

// imageStateFromWire converts a free text. The official provider has downloading, downloaded and error; the example of
// the document is Pending. An unknown word counts as progress, because the download may still succeed and the wait has
// a deadline. A standard image is ready.
func imageStateFromWire(status string, standard bool) driver.State {
	switch strings.ToLower(strings.TrimSpace(status)) {
	case "downloaded", "uploaded", "ready", "available", "active", "completed":
		return driver.StateReady
	case "error", "failed":
		return driver.StateError
	default:
		if standard {
			return driver.StateReady
		}
		return driver.StateCreating
	}
}

func imageStatsFromWire(s api.ImageStats) driver.ImageStats {
	out := driver.ImageStats{TotalMB: s.TotalSizeMB, UsedMB: s.UsedSizeMB, FreeMB: s.FreeSizeMB}
	if s.CurrentImagesCount != nil {
		out.Count = int64(*s.CurrentImagesCount)
	}
	return out
}

// productVDS is the product type whose instances cannot have snapshots (product documentation: VDS).
const productVDS = "vds"

// stableStatuses are the words for an instance that no operation works on. The document does not describe the words, so
// an unknown one counts as work.
var stableStatuses = []string{"running", "stopped", "rescue", "error"}

// sourceFromWire converts an instance. Not reported: how many snapshots it can have, except that one product can have
// none. Its region is not a location, because no request contains one.
func sourceFromWire(w api.Instance) driver.Source {
	out := driver.Source{
		ID: strconv.FormatInt(w.InstanceID, 10), Name: cmp.Or(w.DisplayName, w.Name), State: strings.ToLower(w.Status),
		ErrorMessage: w.ErrorMessage,
	}
	out.Busy = !slices.Contains(stableStatuses, out.State)
	if strings.EqualFold(w.ProductType, productVDS) {
		out.MaxSnapshots, out.Room = new(int), new(int)
	}
	return out
}
