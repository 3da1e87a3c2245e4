package contabo_test

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/contabo"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// images opens the driver's own client: what is tested here is the driver, not the core's waiting.
func images(t *testing.T, box *sandboxtest.Sandbox) (driver.ImageKeeper, driver.ImageLister, driver.ImageCounter) {
	t.Helper()
	client, err := contabo.Driver{}.Open(box.Settings(contabo.Driver{}))
	if err != nil {
		t.Fatal(err)
	}
	keeper, isKeeper := client.(driver.ImageKeeper)
	lister, isLister := client.(driver.ImageLister)
	counter, isCounter := client.(driver.ImageCounter)
	if !isKeeper || !isLister || !isCounter {
		t.Fatal("an interface is missing")
	}
	return keeper, lister, counter
}

func spec(url string) driver.ImageSpec {
	return driver.ImageSpec{Name: "golden", Description: "as it should be", URL: url, OSType: "Linux", Version: "7"}
}

func kindOf(t *testing.T, keeper driver.ImageKeeper, err error) driver.Kind {
	t.Helper()
	client, ok := keeper.(driver.Client)
	if !ok {
		t.Fatal("not a client")
	}
	return client.KindOf(err)
}

func TestImage_life(t *testing.T) {
	box, _ := start(t, sandboxtest.WithLatency(10*time.Minute))
	keeper, _, counter := images(t, box)
	ctx := t.Context()

	made, operation, err := keeper.CreateImage(ctx, spec("https://img.example.net/golden.qcow2?size_mb=1000"))
	if err != nil || made.ID == "" || made.State != driver.StateCreating || !operation.PollObject {
		t.Fatalf("%+v %+v %v", made, operation, err)
	}
	look := func(state driver.State, size, uploaded float64) driver.Image {
		t.Helper()
		i, err := keeper.Image(ctx, made.Ref())
		if err != nil || i.State != state || *i.SizeMB != size || *i.UploadedSizeMB < uploaded {
			t.Errorf("%s with %.0f MB wanted, got %+v %v %v (%v)", state, size, i, *i.SizeMB, *i.UploadedSizeMB, err)
		}
		return i
	}
	look(driver.StateCreating, 0, 0)
	box.Advance(8 * time.Minute)
	look(driver.StateCreating, 0, 500)
	box.Advance(2 * time.Minute)
	done := look(driver.StateReady, 1000, 1000)
	if done.Name != "golden" || done.Description != "as it should be" || done.OSType != "Linux" ||
		done.Version != "7" ||
		done.Format != "qcow2" ||
		done.CreatedAt.IsZero() ||
		done.Standard {
		t.Errorf("%+v", done)
	}
	stats, err := counter.ImageStats(ctx)
	if want := (driver.ImageStats{Count: 1, TotalMB: 25600, UsedMB: 1000, FreeMB: 24600}); err != nil || stats != want {
		t.Errorf("stats %+v (%v), want %+v", stats, err, want)
	}
	name := "silver"
	if _, err := keeper.UpdateImage(ctx, made.Ref(), driver.ImageChange{Name: &name}); err != nil {
		t.Fatal(err)
	}
	if i := look(driver.StateReady, 1000, 1000); i.Name != "silver" || i.Description != "as it should be" {
		t.Errorf("%+v", i)
	}
	if _, err := keeper.DeleteImage(ctx, made.Ref()); err != nil {
		t.Fatal(err)
	}
	_, err = keeper.DeleteImage(ctx, made.Ref())
	if kindOf(t, keeper, err) != driver.KindNotFound {
		t.Errorf("delete of what is gone: %v", err)
	}
}

func TestImage_failedDownload(t *testing.T) {
	box, _ := start(t)
	keeper, _, counter := images(t, box)
	made, _, err := keeper.CreateImage(t.Context(), spec("https://broken-mixed-case.example.net/golden.iso"))
	if err != nil {
		t.Fatal(err)
	}
	i, err := keeper.Image(t.Context(), made.Ref())
	if err != nil || i.State != driver.StateError || i.ErrorMessage == "" {
		t.Errorf("%+v (%v)", i, err)
	}
	if stats, err := counter.ImageStats(t.Context()); err != nil || stats.Count != 1 || stats.UsedMB != 0 {
		t.Errorf("%+v (%v)", stats, err)
	}
}

func TestImage_refused(t *testing.T) {
	box, _ := start(t)
	keeper, lister, _ := images(t, box)
	standard := true
	list, err := driver.Collect(lister.Images(t.Context(), driver.ImageFilter{Standard: &standard}))
	if err != nil || len(list) == 0 {
		t.Fatalf("%v (%v)", list, err)
	}
	create := func(url string) error {
		_, _, err := keeper.CreateImage(t.Context(), spec(url))
		return err
	}
	_, deleted := keeper.DeleteImage(t.Context(), list[0].Ref())
	for name, c := range map[string]struct {
		err    error
		kind   driver.Kind
		status int
	}{
		"suffix": {
			create("https://img.example.net/golden.vmdk"), driver.KindInvalid, http.StatusUnsupportedMediaType,
		},
		"too big": {
			create("https://img.example.net/golden.iso?size_mb=25601"), driver.KindLimit, http.StatusPaymentRequired,
		},
		"standard": {deleted, driver.KindPermission, http.StatusForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			var reply driver.Reply
			if !errors.As(c.err, &reply) || reply.HTTPStatus() != c.status || kindOf(t, keeper, c.err) != c.kind {
				t.Errorf("%v", c.err)
			}
		})
	}
}

func TestImages_filtersAndPages(t *testing.T) {
	box, _ := start(t)
	keeper, lister, _ := images(t, box)
	for range 101 {
		if _, _, err := keeper.CreateImage(
			t.Context(), spec("https://img.example.net/golden.iso?size_mb=1"),
		); err != nil {
			t.Fatal(err)
		}
	}
	box.ClearJournal()
	custom := false
	for name, c := range map[string]struct {
		filter driver.ImageFilter
		found  int
		pages  int
	}{
		"all":       {driver.ImageFilter{}, 105, 2},
		"custom":    {driver.ImageFilter{Standard: &custom}, 101, 2},
		"name":      {driver.ImageFilter{Name: "debian"}, 1, 1},
		"search":    {driver.ImageFilter{Search: "windows"}, 1, 1},
		"no match":  {driver.ImageFilter{Name: "plan9"}, 0, 1},
		"unlimited": {driver.ImageFilter{Visibility: "ignored here"}, 105, 2},
	} {
		t.Run(name, func(t *testing.T) {
			box.ClearJournal()
			list, err := driver.Collect(lister.Images(t.Context(), c.filter))
			if err != nil || len(list) != c.found || len(calls(box)) != c.pages {
				t.Errorf("%d images with %d calls (%v)", len(list), len(calls(box)), err)
			}
			// The images of one name keep their order from page to page.
			ids := map[string]bool{}
			for _, i := range list {
				ids[i.ID] = true
			}
			if len(ids) != c.found {
				t.Errorf("%d different images, want %d", len(ids), c.found)
			}
		})
	}
}

func TestImages_loopThatEndsReadsNoFurtherPage(t *testing.T) {
	box, _ := start(t)
	_, lister, _ := images(t, box)
	page := make([]any, 100)
	for i := range page {
		page[i] = map[string]any{"imageId": strconv.Itoa(i)}
	}
	box.Fault(
		sandbox.Fault{
			Path: "/images$", To: 1, Do: sandbox.DoStatus, Status: http.StatusOK,
			Body: map[string]any{"data": page, "_pagination": map[string]any{"page": 1, "totalPages": 2}},
		},
		sandbox.Fault{Path: "/images$", Do: sandbox.DoStatus, Status: http.StatusForbidden},
	)
	box.ClearJournal()
	read := 0
	for images, err := range lister.Images(t.Context(), driver.ImageFilter{}) {
		if err != nil {
			break
		}
		read += len(images)
		if n := len(calls(box)); n != 1 {
			t.Fatalf("%d page requests for %d images", n, read)
		}
	}
	if read != 100 || len(calls(box)) != 2 {
		t.Errorf("%d images before the error, %d page requests", read, len(calls(box)))
	}
}

func TestImages_tagsComeWithListings(t *testing.T) {
	box, _ := start(t)
	_, lister, _ := images(t, box)
	box.Fault(sandbox.Fault{Path: "/images$", Do: sandbox.DoStatus, Status: http.StatusOK, Body: map[string]any{
		"data": []any{
			map[string]any{
				"imageId": "1",
				"status":  "halfway",
				"tags":    []any{map[string]any{"tagId": 7, "tagName": "web"}},
			},
		},
		"_pagination": "", "_links": map[string]any{},
	}})
	list, err := driver.Collect(lister.Images(t.Context(), driver.ImageFilter{}))
	if err != nil || len(list) != 1 || !slices.Equal(list[0].Tags, []string{"web"}) ||
		list[0].State != driver.StateCreating ||
		list[0].SizeMB != nil {
		t.Errorf("%+v (%v)", list, err)
	}
}

func TestImage_throughTheCore(t *testing.T) {
	box, c := start(t)
	ctx := t.Context()
	made, operation, err := c.CreateImage(ctx, spec("https://mixed-case.example.net/golden.qcow2"))
	if err != nil {
		t.Fatal(err)
	}
	ready, err := c.WaitImage(ctx, made, operation)
	if err != nil || ready.State != driver.StateReady || ready.ID != made.ID {
		t.Fatalf("%+v (%v)", ready, err)
	}
	if _, err := c.Image(ctx, made.Ref()); err != nil {
		t.Error(err)
	}
	name := "silver"
	if changed, err := c.UpdateImage(ctx, made.Ref(), driver.ImageChange{Name: &name}); err != nil ||
		changed.Name != name {
		t.Errorf("%+v (%v)", changed, err)
	}
	if err := c.DeleteImage(ctx, made.Ref()); err != nil {
		t.Error(err)
	}
	const all = "/contabo/v1/compute/images"
	one := all + "/" + made.ID
	if got, want := calls(box), []string{
		"GET " + all, "POST " + all, "GET " + one, "GET " + one, "PATCH " + one, "GET " + one, "DELETE " + one,
	}; !slices.Equal(
		got,
		want,
	) {
		t.Errorf("calls\n got %q\nwant %q", got, want)
	}
}

func TestImage_failedDownloadThroughTheCore(t *testing.T) {
	_, c := start(t)
	made, operation, err := c.CreateImage(t.Context(), spec("https://broken.example.net/golden.qcow2"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.WaitImage(t.Context(), made, operation)
	wantKind(t, err, driver.KindFailed)
	if !strings.Contains(err.Error(), "Error downloading image from provided URL") {
		t.Errorf("%v", err)
	}
	if err := c.DeleteImage(t.Context(), made.Ref()); err != nil {
		t.Error(err)
	}
}

func TestImage_lostAnswerIsAdopted(t *testing.T) {
	box, c := start(t)
	box.Fault(sandbox.Fault{Method: http.MethodPost, Path: "/images$", Do: sandbox.DoLose})
	made, _, err := c.CreateImage(t.Context(), spec("https://img.example.net/golden.qcow2"))
	if list := box.Inventory()["contabo"].Images; err != nil || len(list) != 1 || list[0].ImageID != made.ID {
		t.Errorf("made %+v (%v), there is %+v", made, err, list)
	}
}
