package sim

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // The vendor's checksum of an export is an MD5.
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	// bucket is the bucket of the exports.
	bucket = "exports"
	// presignedLife is how long a presigned URL is valid by the sandbox's clock. The vendor documents no figure.
	presignedLife = time.Hour
	presignedForm = "20060102T150405Z"

	paramDate      = "X-Amz-Date"
	paramExpires   = "X-Amz-Expires"
	paramSignature = "X-Amz-Signature"
)

// presign returns the URL of an export. It stays the same until the next export of the snapshot.
func presign(base string, n *snapshot) string {
	date, life := n.ExportedAt.UTC().Format(presignedForm), strconv.Itoa(int(presignedLife.Seconds()))
	query := url.Values{paramDate: {date}, paramExpires: {life}, paramSignature: {presignature(n, date, life)}}
	return base + "/sos/" + bucket + "/" + n.ID + ".qcow2?" + query.Encode()
}

func presignature(n *snapshot, date, life string) string {
	mac := hmac.New(sha256.New, []byte(APISecret))
	mac.Write([]byte(strings.Join([]string{bucket, n.ID, date, life}, "\n")))
	return hex.EncodeToString(mac.Sum(nil))
}

// serveStorage answers the object storage: GET and HEAD of an export for everyone with its URL.
func (s *Simulator) serveStorage(x *exchange, path string) {
	if x.r.Method != http.MethodGet && x.r.Method != http.MethodHead {
		storageError(x, http.StatusMethodNotAllowed, "MethodNotAllowed")
		return
	}
	n := s.stored(x.zone, path, x.r.URL.Query())
	if n == nil {
		// The answer does not reveal whether the object exists.
		storageError(x, http.StatusForbidden, "AccessDenied")
		return
	}
	disk := diskImage(n)
	x.w.Header().Set("Content-Type", "application/octet-stream")
	x.w.Header().Set("ETag", `"`+diskMD5(n)+`"`)
	http.ServeContent(x.w, x.r, "", n.ExportedAt, bytes.NewReader(disk))
}

// stored returns the snapshot whose export a presigned URL gives access to now, or nil.
func (s *Simulator) stored(z *zone, path string, query url.Values) *snapshot {
	id, ok := strings.CutPrefix(path, "/"+bucket+"/")
	if z == nil || !ok || !strings.HasSuffix(id, ".qcow2") {
		return nil
	}
	n := z.snapshot(strings.TrimSuffix(id, ".qcow2"))
	if n == nil || n.ExportedAt.IsZero() {
		return nil
	}
	date, life := query.Get(paramDate), query.Get(paramExpires)
	began, err := time.Parse(presignedForm, date)
	seconds, err2 := strconv.Atoi(life)
	expired := s.Now().After(began.Add(time.Duration(seconds) * time.Second))
	signed := hmac.Equal([]byte(query.Get(paramSignature)), []byte(presignature(n, date, life)))
	if err != nil || err2 != nil || expired || !signed || len(query) != 3 {
		return nil
	}
	return n
}

func storageError(x *exchange, status int, code string) {
	x.w.Header().Set("Content-Type", "application/xml")
	x.w.WriteHeader(status)
	// A client that has gone does not need it.
	_, _ = x.w.Write([]byte(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>` + code + `</Code></Error>`))
}

const (
	clusterBits = 14
	clusterSize = 1 << clusterBits
	// tablesPerGiB is the number of entries of the L1 table per GiB of disk: each entry is a whole L2 table of
	// clusters.
	tablesPerGiB = gib / (clusterSize / 8 * clusterSize)
	// headerSize is that of QCOW2 version 3 without later additions.
	headerSize = 104
	// noteType marks a header extension that readers must skip because its type is unknown.
	noteType = 0x73616e64
	// noteSize is the length of a UUID, padded to a multiple of eight as extensions are.
	noteSize = 40
)

// diskImage returns the file of an export: a QCOW2 image of version 3 with the size of the disk and no allocated data.
// An extension of the header has the snapshot's ID, so each snapshot has a different file, which is always the same.
func diskImage(n *snapshot) []byte {
	entries := n.SizeGiB * tablesPerGiB
	l1Clusters := (int(entries)*8 + clusterSize - 1) / clusterSize
	const tableAt, blockAt, l1At = 1, 2, 3
	out := make([]byte, (l1At+l1Clusters)*clusterSize)
	be := binary.BigEndian

	copy(out, "QFI\xfb")
	be.PutUint32(out[4:], 3)
	be.PutUint32(out[20:], clusterBits)
	be.PutUint64(out[24:], uint64(n.SizeGiB)*gib)
	be.PutUint32(out[36:], entries)
	be.PutUint64(out[40:], l1At*clusterSize)
	be.PutUint64(out[48:], tableAt*clusterSize)
	be.PutUint32(out[56:], 1)
	be.PutUint32(out[96:], 4) // Reference counts of 16 bits.
	be.PutUint32(out[100:], headerSize)
	be.PutUint32(out[headerSize:], noteType)
	be.PutUint32(out[headerSize+4:], noteSize)
	copy(out[headerSize+8:headerSize+8+noteSize], n.ID)

	be.PutUint64(out[tableAt*clusterSize:], blockAt*clusterSize)
	for i := range l1At + l1Clusters {
		be.PutUint16(out[blockAt*clusterSize+2*i:], 1)
	}
	return out
}

// diskMD5 is the checksum of an export's file, in hexadecimal.
func diskMD5(n *snapshot) string {
	sum := md5.Sum(diskImage(n)) //nolint:gosec // The vendor's checksum of an export is an MD5.
	return hex.EncodeToString(sum[:])
}
