package acctest_test

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-cleanhttp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/apidocs"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/all"
	contaboapi "github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/contabo/api"
	exoscaleapi "github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale/api"
	exoscalesim "github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale/sim"
	hostingerapi "github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/hostinger/api"
	hostingersim "github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/hostinger/sim"
	koyebapi "github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/koyeb/api"
	koyebsim "github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/koyeb/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// outOfScope are operations of the documents that belong to another product.
const outOfScope = "/v1/instance_snapshots"

// tour is one cloud's sandbox, seen through a client that holds everything against the document. Whatever fails ends
// the test.
type tour struct {
	*testing.T
	watcher *apidocs.Watcher
	values  map[string]string
}

func (t *tour) ok(err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Every operation of the documents is sent by the clients of the wire, also those that no driver needs yet, and
// answered by the sandbox as the document says.
func TestAPIDocuments_everyOperation(t *testing.T) {
	folder := documents(t)
	tours := map[string]func(*tour){"contabo": tourContabo, "exoscale": tourExoscale, "koyeb": tourKoyeb, "hostinger": tourHostinger}
	for _, d := range all.Drivers() {
		name := d.Descriptor().Name
		t.Run(name, func(t *testing.T) {
			visit, ok := tours[name]
			if !ok {
				t.Fatal("no tour sends the operations of this cloud")
			}
			document, err := apidocs.Load(folder, name, "/"+name+bases[name])
			if err != nil {
				t.Fatal(err)
			}
			w := &apidocs.Watcher{Next: cleanhttp.DefaultPooledTransport(), Document: document}
			box := sandboxtest.Start(t, []driver.Driver{d})
			visit(&tour{T: t, watcher: w, values: box.Settings(d).Values})
			for _, p := range w.Problems() {
				t.Error(p)
			}
			for _, operation := range document.Operations() {
				if w.Seen()[operation] == 0 && !strings.Contains(operation, outOfScope) {
					t.Errorf("%s was never sent", operation)
				}
			}
		})
	}
}

func tourContabo(t *tour) {
	c, err := contaboapi.New(contaboapi.Options{
		Endpoint: t.values["endpoint"], TokenURL: t.values["token_url"], ClientID: t.values["client_id"], ClientSecret: t.values["client_secret"],
		Username: t.values["username"], Password: t.values["password"], Transport: t.watcher, RetryWait: time.Millisecond,
	})
	t.ok(err)
	ctx := t.Context()
	list, err := c.RetrieveInstancesList(ctx)
	t.ok(err)
	at := slices.IndexFunc(list, func(i contaboapi.Instance) bool { return i.InstanceID == 42001 })
	instance, err := c.RetrieveInstance(ctx, list[at].InstanceID)
	t.ok(err)
	made, err := c.CreateSnapshot(ctx, instance.InstanceID, contaboapi.CreateSnapshotRequest{Name: "tour"})
	t.ok(err)
	words := "of the documents"
	_, err = c.UpdateSnapshot(ctx, instance.InstanceID, made.SnapshotID, contaboapi.UpdateSnapshotRequest{Description: &words})
	t.ok(err)
	_, err = c.RetrieveSnapshot(ctx, instance.InstanceID, made.SnapshotID)
	t.ok(err)
	_, err = c.RetrieveSnapshotList(ctx, instance.InstanceID, "tour")
	t.ok(err)
	t.ok(c.RollbackSnapshot(ctx, instance.InstanceID, made.SnapshotID))
	t.ok(c.DeleteSnapshot(ctx, instance.InstanceID, made.SnapshotID))

	id, err := c.CreateCustomImage(ctx, contaboapi.CreateCustomImageRequest{Name: "tour", URL: "https://img.example.net/tour.iso", OSType: "Linux", Version: "1"})
	t.ok(err)
	_, err = c.RetrieveImage(ctx, id)
	t.ok(err)
	_, err = c.RetrieveImageList(ctx, contaboapi.ImageFilter{Search: "linux"})
	t.ok(err)
	_, err = c.RetrieveCustomImagesStats(ctx)
	t.ok(err)
	t.ok(c.UpdateImage(ctx, id, contaboapi.UpdateCustomImageRequest{Description: &words}))
	t.ok(c.DeleteImage(ctx, id))
}

func tourExoscale(t *tour) {
	c, err := exoscaleapi.New(exoscaleapi.Options{
		Endpoint: t.values["endpoint"], APIKey: t.values["api_key"], APISecret: t.values["api_secret"], Transport: t.watcher, RetryWait: time.Millisecond,
	})
	t.ok(err)
	z, err := c.Zone(t.Context(), t.values["zone"])
	t.ok(err)
	ctx := t.Context()
	done := func(op exoscaleapi.Operation, err error) exoscaleapi.Operation {
		t.Helper()
		t.ok(err)
		op, err = z.GetOperation(ctx, op.ID)
		t.ok(err)
		if op.State != "success" {
			t.Fatalf("%+v", op)
		}
		return op
	}
	_, err = z.ListZones(ctx)
	t.ok(err)
	_, err = z.ListInstances(ctx)
	t.ok(err)
	instance, err := z.GetInstance(ctx, exoscalesim.GenevaStandby)
	t.ok(err)
	snapshot := done(z.CreateSnapshot(ctx, instance.ID)).Reference.ID
	_, err = z.ListSnapshots(ctx)
	t.ok(err)
	done(z.RevertInstanceToSnapshot(ctx, instance.ID, snapshot))
	done(z.ExportSnapshot(ctx, snapshot))
	exported, err := z.GetSnapshot(ctx, snapshot)
	t.ok(err)
	promoted := done(z.PromoteSnapshotToTemplate(ctx, snapshot, exoscaleapi.PromoteBody{Name: "promoted"})).Reference.ID
	registered := done(z.RegisterTemplate(ctx, exoscaleapi.RegisterTemplateBody{Name: "registered", URL: exported.Export.PresignedURL, Checksum: exported.Export.MD5Sum})).Reference.ID
	name := "renamed"
	done(z.UpdateTemplate(ctx, promoted, exoscaleapi.UpdateTemplateBody{Name: &name}))
	done(z.CopyTemplate(ctx, promoted, "de-fra-1"))
	_, err = z.ListTemplates(ctx, exoscaleapi.TemplateQuery{Visibility: "private", Family: "other (64-bit)"})
	t.ok(err)
	_, err = z.GetTemplate(ctx, registered)
	t.ok(err)
	done(z.DeleteTemplate(ctx, registered))
	done(z.DeleteSnapshot(ctx, snapshot))
}

func tourKoyeb(t *tour) {
	c, err := koyebapi.New(koyebapi.Options{Endpoint: t.values["endpoint"], Token: t.values["token"], Transport: t.watcher, RetryWait: time.Millisecond})
	t.ok(err)
	ctx := t.Context()
	made, err := c.CreateSnapshot(ctx, koyebapi.CreateSnapshotRequest{ParentVolumeID: koyebsim.VolumeFra2, Name: "tour"})
	t.ok(err)
	_, err = c.GetSnapshot(ctx, made.ID)
	t.ok(err)
	_, err = c.UpdateSnapshot(ctx, made.ID, koyebapi.UpdateSnapshotRequest{Name: "renamed"})
	t.ok(err)
	_, err = c.ListSnapshots(ctx, "fra")
	t.ok(err)
	t.ok(c.DeleteSnapshot(ctx, made.ID))
	_, err = c.ListSnapshots(ctx, "")
	t.ok(err)
	volume, err := c.CreatePersistentVolume(ctx, koyebapi.CreatePersistentVolumeRequest{
		VolumeType: koyebapi.VolumeLocalBlock, Name: "restored", Region: "fra", SnapshotID: koyebsim.SnapshotOld,
	})
	t.ok(err)
	_, err = c.GetPersistentVolume(ctx, volume.ID)
	t.ok(err)
	// The one operation that the client of the wire does not have.
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, t.values["endpoint"]+"/v1/volumes/"+volume.ID, bytes.NewReader([]byte(`{"name":"grown"}`)))
	t.ok(err)
	r.Header.Set("Authorization", "Bearer "+t.values["token"])
	r.Header.Set("Content-Type", "application/json")
	resp, err := t.watcher.RoundTrip(r)
	t.ok(err)
	t.ok(resp.Body.Close())
	_, err = c.ListPersistentVolumes(ctx, "fra")
	t.ok(err)
	t.ok(c.DeletePersistentVolume(ctx, volume.ID))
}

func tourHostinger(t *tour) {
	c, err := hostingerapi.New(hostingerapi.Options{Endpoint: t.values["endpoint"], Token: t.values["token"], Transport: t.watcher, RetryWait: time.Millisecond})
	t.ok(err)
	ctx := t.Context()
	list, err := c.ListVirtualMachines(ctx)
	t.ok(err)
	machine, err := c.GetVirtualMachine(ctx, list[0].ID)
	t.ok(err)
	for _, begin := range []func(context.Context, int64) (hostingerapi.Action, error){c.CreateSnapshot, c.RestoreSnapshot, c.DeleteSnapshot} {
		action, err := begin(ctx, machine.ID)
		t.ok(err)
		_, err = c.GetAction(ctx, machine.ID, action.ID)
		t.ok(err)
	}
	_, err = c.GetSnapshot(ctx, hostingersim.FullVM)
	t.ok(err)
	_, err = c.ListActions(ctx, machine.ID, nil)
	t.ok(err)
}
